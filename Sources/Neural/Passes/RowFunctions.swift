#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Functions that look at a row of numbers as a whole, in place.
extension UnsafeMutableBufferPointer<Float> {
  /// The largest number of a row; NaN where there is one.
  private func largest() -> Float {
    var result = -Float.infinity
    for number in self {
      if number.isNaN { return number }
      if number > result { result = number }
    }
    return result
  }

  /// eˣ ÷ Σ eˣ: shares that add up to 1.
  func applySoftmax() {
    let top = largest()
    var sum: Float = 0
    for index in indices {
      self[index] = expf(self[index] - top)
      sum += self[index]
    }
    for index in indices { self[index] /= sum }
  }

  /// The logarithm of softmax, without underflow.
  func applyLogSoftmax() {
    let top = largest()
    var sum: Float = 0
    for number in self { sum += expf(number - top) }
    let logarithm = logf(sum)
    for index in indices { self[index] = self[index] - top - logarithm }
  }

  /// max(0, x − τ): most numbers become 0.
  ///
  /// τ is Keras' one, made of the running sums of the largest numbers; in the paper that it
  /// follows (A. Martins, R. Astudillo, "From Softmax to Sparsemax", 2016) it is made of the last
  /// of these sums alone. Source: `sparsemax` in `keras/src/backend/jax/nn.py`.
  func applySparsemax() {
    // Descending, what is not a number behind all others.
    let sorted = sorted { one, other in one > other || (other.isNaN && !one.isNaN) }
    var (sum, kept): (Float, Float) = (0, 0)
    var count: Float = 0
    for (index, number) in sorted.enumerated() {
      sum += number
      guard number - (sum - 1) / Float(index + 1) > 0 else { continue }
      kept += sum
      count += 1
    }
    let threshold = (kept - 1) / count
    for index in indices { self[index] = larger(self[index] - threshold, 0) }
  }
}
