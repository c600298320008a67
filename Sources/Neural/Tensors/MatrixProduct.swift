import VectorKernels

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
  var product = MatrixProduct()
  product.rows = rows
  product.columns = columns
  product.inner = inner
  product.a = a
  product.aStride = aStride ?? (transposesA ? rows : inner)
  product.transposesA = transposesA
  product.b = b
  product.bStride = bStride ?? (transposesB ? inner : columns)
  product.transposesB = transposesB
  product.out = out
  product.outStride = outStride ?? columns
  product.adds = adds
  product.multiply()
}

extension MatrixProduct: @unchecked @retroactive Sendable {}

extension MatrixProduct {
  /// Multiplies, with the code that is fastest here.
  func multiply() {
    #if canImport(Accelerate)
      if !multipliesByLibrary() { multiplyByKernel() }
    #else
      // An older OpenBLAS takes a processor that it does not know for an old one: where the kernel
      // has code for its vectors, that is faster by far.
      if KernelChoice.bestLevel != .baseline || !multipliesByLibrary() { multiplyByKernel() }
    #endif
  }

  /// Multiplies with the kernel, on several threads where that pays.
  private func multiplyByKernel() {
    // Below this it is done before another thread is awake.
    let leastToShare = 4e6
    let work = Double(rows) * Double(columns) * Double(inner)
    guard work >= leastToShare, processorCount > 1 else {
      var product = self
      matrix_multiply(KernelChoice.bestLevel, &product)
      return
    }
    let parts = parts(upTo: Int(min(work / leastToShare, Double(2 * processorCount))))
    concurrently(parts.count) { index in
      var part = parts[index]
      matrix_multiply(KernelChoice.bestLevel, &part)
    }
  }

  /// The product in parts with as many rows or columns each; all of them give the bits of the
  /// whole.
  ///
  /// A part of the columns has whole panels, of which the widest have 64.
  func parts(upTo count: Int) -> [MatrixProduct] {
    let panel = 64
    if rows >= columns || columns <= panel {
      let count = max(min(count, rows / 24), 1)
      return (0..<count).map { index in
        let (first, end) = (index * rows / count, (index + 1) * rows / count)
        var part = self
        part.rows = end - first
        part.a += transposesA ? first : first * aStride
        part.out += first * outStride
        if first > 0 { part.columnSums = nil }
        return part
      }
    }
    let panels = (columns + panel - 1) / panel
    let count = max(min(count, panels), 1)
    return (0..<count).map { index in
      let first = index * panels / count * panel
      let end = min((index + 1) * panels / count * panel, columns)
      var part = self
      part.columns = end - first
      part.b += transposesB ? first * bStride : first
      part.out += first
      if let sums = columnSums { part.columnSums = sums + first }
      return part
    }
  }

  /// Multiplies with the machine's own library, where sizes and rows are such as it takes.
  private func multipliesByLibrary() -> Bool {
    guard aGroup == 0, columnSums == nil, let rows = Int32(exactly: rows),
      let columns = Int32(exactly: columns), let inner = Int32(exactly: inner),
      let aStride = Int32(exactly: aStride), let bStride = Int32(exactly: bStride),
      let outStride = Int32(exactly: outStride)
    else { return false }
    cblas_sgemm(
      CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans,
      transposesB ? CblasTrans : CblasNoTrans, rows, columns, inner, 1, a, aStride, b, bStride,
      adds ? 1 : 0, out, outStride)
    return true
  }
}
