#if canImport(Accelerate)
  import Accelerate
#else
  import CBLAS
#endif

extension Tensor {
  /// The matrix product of the last axis with the rows of `matrix`.
  ///
  /// Self: (…, k). `matrix`: (k, n). Result: (…, n).
  /// - Precondition: the last axis has as many positions as `matrix` has rows.
  public func times(_ matrix: Tensor) -> Tensor {
    let (inner, columns) = (matrix.sizes[0], matrix.sizes[1])
    precondition(sizes.last == inner, "\(sizes) times \(matrix.sizes)")
    let rows = inner == 0 ? sizes.dropLast().reduce(1, *) : count / inner
    return Tensor(sizes.dropLast() + [columns]) { out in
      values.withUnsafeBufferPointer { left in
        matrix.values.withUnsafeBufferPointer { right in
          multiply(
            rows: rows, columns: columns, inner: inner, left.baseAddress, right.baseAddress,
            into: out.baseAddress)
        }
      }
    }
  }
}

/// Multiplies two row-major matrices: out = a · b, or out += a · b.
///
/// a: (rows, inner), or (inner, rows) where `transposesA`; b: (inner, columns), or (columns,
/// inner) where `transposesB`; out: (rows, columns). Rows of each matrix may lie further apart
/// than they are long (`aStride` …, in numbers).
func multiply(
  rows: Int, columns: Int, inner: Int,
  _ a: UnsafePointer<Float>?, aStride: Int? = nil, transposesA: Bool = false,
  _ b: UnsafePointer<Float>?, bStride: Int? = nil, transposesB: Bool = false,
  into out: UnsafeMutablePointer<Float>?, outStride: Int? = nil, adds: Bool = false
) {
  guard rows > 0, columns > 0, let out else { return }
  guard inner > 0, let a, let b else {
    if !adds {
      for row in 0..<rows {
        (out + row * (outStride ?? columns)).update(repeating: 0, count: columns)
      }
    }
    return
  }
  cblas_sgemm(
    CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans,
    Int32(rows), Int32(columns), Int32(inner), 1,
    a, Int32(aStride ?? (transposesA ? rows : inner)),
    b, Int32(bStride ?? (transposesB ? inner : columns)), adds ? 1 : 0,
    out, Int32(outStride ?? columns))
}
