/// How large gradients may be: `clipnorm`, `global_clipnorm`, `clipvalue`.
///
/// Source: `_clip_gradients` in `keras/src/optimizers/base_optimizer.py`.
enum GradientClipping: Sendable {
  /// As large as they come.
  case none
  /// Each weight's gradient is at most this long.
  case norm(Float)
  /// All gradients together, as one vector, are at most this long.
  case globalNorm(Float)
  /// Each number is at most this far from 0.
  case value(Float)

  init(_ optimizer: Optimizer) throws(PassError) {
    let keys = ["clipnorm", "global_clipnorm", "clipvalue"]
    let given = keys.filter { !(optimizer.config[$0] ?? .null).isNull }
    guard given.count <= 1 else {
      throw PassError(
        "\(optimizer.className) has \(given.joined(separator: " and "))",
        remedy: "use one of them alone")
    }
    var limit: Float = 0
    if let key = given.first { limit = Float(try optimizer.number(key)) }
    switch given.first {
    // 0 is no limit, in Keras as here.
    case _ where limit == 0: self = .none
    case "clipnorm": self = .norm(limit)
    case "global_clipnorm": self = .globalNorm(limit)
    case "clipvalue": self = .value(limit)
    default: self = .none
    }
  }

  /// Makes gradients as small as they have to be.
  func clip(_ gradients: inout [Tensor]) {
    switch self {
    case .none: return
    case .norm(let limit):
      for index in gradients.indices {
        let norm = Float(gradients[index].sumOfSquares.squareRoot())
        guard norm > limit else { continue }
        gradients[index].changeEach { $0 * limit / norm }
      }
    case .globalNorm(let limit):
      let norm = Float(gradients.reduce(0.0) { $0 + $1.sumOfSquares }.squareRoot())
      guard norm > limit else { return }
      let scale = limit * (1 / norm)
      for index in gradients.indices { gradients[index].changeEach { $0 * scale } }
    case .value(let limit):
      for index in gradients.indices {
        gradients[index].changeEach { $0 < -limit ? -limit : $0 > limit ? limit : $0 }
      }
    }
  }
}

extension Tensor {
  /// Changes each number in place.
  @inline(__always)
  mutating func changeEach(_ change: (Float) -> Float) {
    values.withUnsafeMutableBufferPointer { numbers in
      guard let numbers = numbers.baseAddress.map({ ($0, numbers.count) }) else { return }
      for index in 0..<numbers.1 { numbers.0[index] = change(numbers.0[index]) }
    }
  }

  /// The sum of the squares of all numbers.
  var sumOfSquares: Double {
    values.withUnsafeBufferPointer { numbers in
      var sum = 0.0
      var lanes = SIMD8<Float>()
      var start = 0
      // Sums of short runs stay exact enough in 32 bits.
      while start + 8 <= numbers.count {
        let end = Swift.min(start + 1024, numbers.count - 7)
        while start < end {
          let eight = SIMD8<Float>(
            numbers[start], numbers[start + 1], numbers[start + 2], numbers[start + 3],
            numbers[start + 4], numbers[start + 5], numbers[start + 6], numbers[start + 7])
          lanes += eight * eight
          start += 8
        }
        sum += Double(lanes.sum())
        lanes = SIMD8<Float>()
      }
      for index in start..<numbers.count { sum += Double(numbers[index]) * Double(numbers[index]) }
      return sum
    }
  }

  /// The largest distance of a number from 0; not a number where one of them is none.
  var largestMagnitude: Float {
    values.withUnsafeBufferPointer { numbers in
      // As whole numbers the bits of floats without sign are in their order, NaN above infinity.
      var largest: UInt32 = 0
      for number in numbers {
        let bits = number.bitPattern & 0x7fff_ffff
        largest = largest < bits ? bits : largest
      }
      return Float(bitPattern: largest)
    }
  }
}
