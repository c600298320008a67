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

extension Tensor {
  /// The matrix product of the last axis with the columns of `matrix`.
  ///
  /// Self: (…, n). `matrix`: (k, n). Result: (…, k).
  /// - Precondition: the last axis has as many positions as `matrix` has columns.
  func times(transposed matrix: Tensor) -> Tensor {
    let (columns, inner) = (matrix.sizes[0], matrix.sizes[1])
    precondition(sizes.last == inner, "\(sizes) times transposed \(matrix.sizes)")
    let rows = sizes.dropLast().reduce(1, *)
    return Tensor(sizes.dropLast() + [columns]) { out in
      values.withUnsafeBufferPointer { left in
        matrix.values.withUnsafeBufferPointer { right in
          multiply(
            rows: rows, columns: columns, inner: inner, left.baseAddress, right.baseAddress,
            transposesB: true, into: out.baseAddress)
        }
      }
    }
  }

  /// The sum over all rows of the products of their numbers: the gradient of a kernel.
  ///
  /// Self: (…, k). `gradient`: (…, n), of as many rows. Result: (k, n).
  /// - Precondition: the axes before the last one hold as many positions in both.
  func transposedTimes(_ gradient: Tensor) -> Tensor {
    let (rows, columns) = (sizes.last ?? 1, gradient.sizes.last ?? 1)
    let inner = sizes.dropLast().reduce(1, *)
    precondition(inner == gradient.sizes.dropLast().reduce(1, *), "\(sizes) and \(gradient.sizes)")
    return Tensor([rows, columns]) { out in
      values.withUnsafeBufferPointer { left in
        gradient.values.withUnsafeBufferPointer { right in
          multiply(
            rows: rows, columns: columns, inner: inner, left.baseAddress, transposesA: true,
            right.baseAddress, into: out.baseAddress)
        }
      }
    }
  }

  /// The sum over all axes but the last one: the gradient of a bias.
  func sumOfRows() -> Tensor {
    let width = sizes.last ?? 1
    return Tensor([width]) { out in
      out.update(repeating: 0)
      guard width > 0 else { return }
      values.withUnsafeBufferPointer { numbers in
        for row in stride(from: 0, to: numbers.count, by: width) {
          for column in 0..<width { out[column] += numbers[row + column] }
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
