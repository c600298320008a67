#if canImport(Accelerate)
  import Accelerate
#else
  import CBLAS
#endif

extension Initializer {
  /// A matrix whose shorter side is orthonormal, times `gain`; every such matrix is as likely.
  ///
  /// A weight with more axes is the matrix of its last axis and all others.
  func orthogonal(_ shape: [Int], _ random: inout RandomNumbers) throws(PassError) -> Tensor {
    guard let columns = shape.last, shape.count > 1 else {
      throw PassError(
        "the initializer orthogonal needs at least 2 axes, this weight has \(shape.axesText)",
        remedy: "choose another initializer")
    }
    let gain = try number("gain")
    guard !shape.contains(0) else { return Tensor(shape) }
    let rows = shape.dropLast().reduce(1, *)
    let (count, length) = (min(rows, columns), max(rows, columns))
    guard Int32(exactly: length) != nil else {
      throw PassError("\(length) numbers in a row are too many for the initializer orthogonal")
    }
    var vectors = [Double](unsafeUninitializedCapacity: count * length) { buffer, initialized in
      for index in 0..<(count * length) { buffer[index] = random.normal() }
      initialized = count * length
    }
    vectors.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      OrthonormalRows(base: base, length: length, count: count).make(0..<count)
    }
    return Tensor(shape) { out in
      for row in 0..<rows {
        for column in 0..<columns {
          let index = rows < columns ? row * length + column : column * length + row
          out[row * columns + column] = Float(gain * vectors[index])
        }
      }
    }
  }
}

/// Makes random vectors orthonormal, by Gram and Schmidt's method in halves: almost all of the
/// work is products of matrices.
///
/// The factor R of this QR factorisation has a positive diagonal, as Keras' sign correction
/// makes it.
private struct OrthonormalRows {
  /// The vectors, one behind the other.
  let base: UnsafeMutablePointer<Double>
  /// How long each vector is.
  let length: Int
  /// How many there are.
  let count: Int

  func make(_ rows: Range<Int>) {
    guard rows.count > 1 else {
      for row in rows { normalise(base + row * length) }
      return
    }
    let middle = rows.lowerBound + rows.count / 2
    make(rows.lowerBound..<middle)
    // Vectors much longer than many stand far apart: one projection is exact enough. As many
    // vectors as they are long leave little of the last ones, which rounding then spoils.
    for _ in 0..<(length >= 2 * count ? 1 : 2) {
      project(middle..<rows.upperBound, off: rows.lowerBound..<middle)
    }
    make(middle..<rows.upperBound)
  }

  private func normalise(_ vector: UnsafeMutablePointer<Double>) {
    let norm = cblas_dnrm2(Int32(length), vector, 1)
    if norm > 0 { cblas_dscal(Int32(length), 1 / norm, vector, 1) }
  }

  /// Takes out of the vectors `rows` what lies along the orthonormal vectors `done`.
  private func project(_ rows: Range<Int>, off done: Range<Int>) {
    let (vectors, basis) = (base + rows.lowerBound * length, base + done.lowerBound * length)
    var shares = [Double](repeating: 0, count: rows.count * done.count)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows.count), Int32(done.count),
      Int32(length), 1, vectors, Int32(length), basis, Int32(length), 0, &shares,
      Int32(done.count))
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows.count), Int32(length),
      Int32(done.count), -1, shares, Int32(done.count), basis, Int32(length), 1, vectors,
      Int32(length))
  }
}
