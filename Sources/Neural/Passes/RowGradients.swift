#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The way back through functions that look at a row of numbers as a whole, in place.
extension UnsafeMutableBufferPointer<Float> {
  /// Through softmax: y · (g − Σ g · y).
  func throughSoftmax(shares: UnsafeBufferPointer<Float>) {
    var mean: Float = 0
    for index in 0..<count { mean += self[index] * shares[index] }
    for index in 0..<count { self[index] = shares[index] * (self[index] - mean) }
  }

  /// Through the logarithm of softmax: g − eʸ · Σ g.
  func throughLogSoftmax(logarithms: UnsafeBufferPointer<Float>) {
    var sum: Float = 0
    for index in 0..<count { sum += self[index] }
    for index in 0..<count { self[index] -= expf(logarithms[index]) * sum }
  }

  /// Through sparsemax, as `applySparsemax()` computes it: max(0, x − τ).
  ///
  /// τ adds up the running sums of the kept numbers: the largest number stands in all of them.
  func throughSparsemax(of arguments: UnsafeBufferPointer<Float>) {
    let order = arguments.descendingOrder()
    var isKept = Array(repeating: false, count: count)
    var (sum, kept, keptCount): (Float, Float, Float) = (0, 0, 0)
    for (place, index) in order.enumerated() {
      sum += arguments[index]
      guard arguments[index] - (sum - 1) / Float(place + 1) > 0 else { continue }
      isKept[place] = true
      kept += sum
      keptCount += 1
    }
    let threshold = (kept - 1) / keptCount
    var total: Float = 0
    for index in 0..<count {
      let above = arguments[index] - threshold
      self[index] *= above > 0 ? 1 : above == 0 ? 0.5 : 0
      total += self[index]
    }
    // How many of the sums a number stands in.
    var sums: Float = 0
    for (place, index) in order.enumerated().reversed() {
      if isKept[place] { sums += 1 }
      self[index] -= total * sums / keptCount
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// The places of the numbers in descending order; what is not a number stands behind all others,
  /// equal numbers keep their order.
  fileprivate func descendingOrder() -> [Int] {
    indices.sorted { one, other in
      let (a, b) = (self[one], self[other])
      if a > b || (b.isNaN && !a.isNaN) { return true }
      if b > a || (a.isNaN && !b.isNaN) { return false }
      return one < other
    }
  }
}
