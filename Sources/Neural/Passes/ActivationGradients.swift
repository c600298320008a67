#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Activation {
  /// Whether the way back needs the function's values alone, not what it was applied to.
  ///
  /// Whoever keeps a pass may drop the arguments then, and give the values in their place.
  var followsFromValues: Bool { (try? function())?.followsFromValues ?? false }

  /// The gradient of the function's arguments.
  ///
  /// - Parameters:
  ///   - gradient: that of its values.
  ///   - arguments: what it was applied to; anything of that size where `followsFromValues`.
  ///   - values: what it gave.
  /// - Returns: the gradient of the arguments, of the same sizes.
  /// - Throws: `PassError` where the function is not one of Keras'.
  func gradient(
    _ gradient: Tensor, arguments: Tensor, values: Tensor
  ) throws(PassError) -> Tensor {
    if name == "linear" { return gradient }
    return try function().gradient(gradient, arguments: arguments, values: values)
  }

  /// The same in place, for rows of `width` numbers.
  func backpropagate(
    _ gradients: UnsafeMutableBufferPointer<Float>, arguments: UnsafeBufferPointer<Float>,
    values: UnsafeBufferPointer<Float>, width: Int
  ) throws(PassError) {
    try function().backpropagate(gradients, arguments: arguments, values: values, width: width)
  }
}

extension ActivationFunction {
  /// Whether the way back needs the function's values alone, not what it was applied to.
  var followsFromValues: Bool {
    switch self {
    case .linear, .tanh, .sigmoid, .exponential, .relu6, .selu, .celu, .softplus, .softsign,
      .logSigmoid, .hardSigmoid, .hardShrink, .softShrink, .softmax, .logSoftmax:
      true
    // The sign of a value tells that of its argument where the function rises below 0, too.
    case .elu(let alpha): alpha >= 0
    case .leakyReLU(let slope): slope > 0
    case .relu(let options): options.isPlain
    case .gelu, .silu, .mish, .squareplus, .sparsePlus, .sparseSigmoid, .tanhShrink, .hardTanh,
      .hardSilu, .sparsemax:
      false
    }
  }

  /// The gradient of the function's arguments, from that of its values.
  ///
  /// `arguments` may be anything of that size where `followsFromValues`.
  func gradient(_ gradient: Tensor, arguments: Tensor, values: Tensor) -> Tensor {
    if case .linear = self { return gradient }
    var result = gradient
    let width = gradient.sizes.last ?? 1
    result.values.withUnsafeMutableBufferPointer { gradients in
      arguments.values.withUnsafeBufferPointer { arguments in
        values.values.withUnsafeBufferPointer { values in
          backpropagate(gradients, arguments: arguments, values: values, width: width)
        }
      }
    }
    return result
  }

  /// Turns gradients of the function's values into those of its arguments, in place.
  ///
  /// Where a function has a kink, the slope is the one that Keras has with JAX: 0 of `relu` and
  /// `relu6` at 0, `alpha` of `elu`, half of the slopes on both sides where a limit of `clip` is met.
  ///
  /// - Parameters:
  ///   - gradients: `rows` × `width` numbers.
  ///   - arguments: what the function was applied to; never read where `followsFromValues`.
  ///   - values: what it gave.
  ///   - width: the size of the last axis: functions such as softmax look at a row as a whole.
  func backpropagate(
    _ gradients: UnsafeMutableBufferPointer<Float>, arguments: UnsafeBufferPointer<Float>,
    values: UnsafeBufferPointer<Float>, width: Int
  ) {
    switch self {
    case .linear: break
    case .tanh: gradients.scale(by: values) { 1 - $0 * $0 }
    case .sigmoid: gradients.scale(by: values) { $0 * (1 - $0) }
    case .exponential: gradients.scale(by: values) { $0 }
    case .relu(let options):
      options.backpropagate(gradients, arguments: options.isPlain ? values : arguments)
    case .relu6: gradients.keep(where: values) { $0 > 0 && $0 < 6 }
    case .leakyReLU(let slope):
      gradients.scale(by: slope > 0 ? values : arguments) { $0 >= 0 ? 1 : slope }
    case .elu(let alpha):
      if alpha >= 0 {
        gradients.scale(by: values) { $0 > 0 ? 1 : $0 + alpha }
      } else {
        gradients.scale(by: arguments) { $0 > 0 ? 1 : alpha * expf($0) }
      }
    case .selu:
      let (scale, limit): (Float, Float) = (1.0507009873554805, 1.7580993408473766)
      gradients.scale(by: values) { $0 > 0 ? scale : $0 + limit }
    case .celu(let alpha): gradients.scale(by: values) { $0 >= 0 ? 1 : $0 / alpha + 1 }
    case .gelu:
      gradients.scale(by: arguments) { x in
        // Φ(x) + x · φ(x), of the normal distribution.
        0.5 * erfcf(-x * 0.70710678118654752) + x * 0.3989422804014327 * expf(-0.5 * x * x)
      }
    case .softplus: gradients.scale(by: values) { -expm1f(-$0) }
    case .softsign: gradients.scale(by: values) { (1 - abs($0)) * (1 - abs($0)) }
    case .silu:
      gradients.scale(by: arguments) { x in
        let share = logistic(x)
        return share * (1 + x * (1 - share))
      }
    case .mish:
      gradients.scale(by: arguments) { x in
        let bent = tanhf(logOfOnePlusExp(x))
        return bent + x * (1 - bent * bent) * logistic(x)
      }
    case .logSigmoid: gradients.scale(by: values) { -expm1f($0) }
    case .squareplus: gradients.scale(by: arguments) { 0.5 + 0.5 * $0 / ($0 * $0 + 4).squareRoot() }
    case .sparsePlus:
      gradients.scale(by: arguments) { $0 <= -1 ? 0 : $0 >= 1 ? 1 : 0.5 * ($0 + 1) }
    case .sparseSigmoid:
      gradients.scale(by: arguments) { x in
        let place = abs(x)
        return place < 1 ? 0.5 : place == 1 ? 0.25 : 0
      }
    case .tanhShrink:
      gradients.scale(by: arguments) { x in
        let bent = tanhf(x)
        return bent * bent
      }
    case .hardTanh: gradients.keep(where: arguments) { $0 >= -1 && $0 <= 1 }
    case .hardSigmoid: gradients.scale(by: values) { $0 > 0 && $0 < 1 ? 1 / 6 : 0 }
    case .hardSilu:
      gradients.scale(by: arguments) { $0 <= -3 ? 0 : $0 >= 3 ? 1 : (2 * $0 + 3) / 6 }
    case .hardShrink, .softShrink: gradients.keep(where: values) { $0 != 0 }
    case .softmax: gradients.forEachRow(of: width, values) { $0.throughSoftmax(shares: $1) }
    case .logSoftmax:
      gradients.forEachRow(of: width, values) { $0.throughLogSoftmax(logarithms: $1) }
    case .sparsemax: gradients.forEachRow(of: width, arguments) { $0.throughSparsemax(of: $1) }
    }
  }
}

extension RectifierOptions {
  /// Whether this is max(0, x).
  fileprivate var isPlain: Bool { negativeSlope == 0 && threshold == 0 && maxValue == nil }

  /// Turns gradients of the values into those of the arguments, in place.
  fileprivate func backpropagate(
    _ gradients: UnsafeMutableBufferPointer<Float>, arguments: UnsafeBufferPointer<Float>
  ) {
    let (slope, threshold) = (negativeSlope, threshold)
    guard let maxValue else {
      if slope == 0 {
        gradients.keep(where: arguments) { $0 > threshold }
      } else if threshold == 0 {
        gradients.scale(by: arguments) { $0 >= 0 ? 1 : slope }
      } else {
        gradients.scale(by: arguments) { $0 > threshold ? 1 : $0 < threshold ? slope : 0 }
      }
      return
    }
    // Where the limit is met, half of the gradient goes on; Keras takes relu6 for a limit of 6.
    let share: Float = threshold == 0 && maxValue == 6 ? 0 : 0.5
    gradients.scale(by: arguments) { x in
      if x < threshold { return slope }
      guard x > threshold else { return 0 }
      let rising: Float = x > 0 ? 1 : x == 0 ? 0.5 : 0
      let kept = larger(x, 0)
      return kept < maxValue ? rising : kept == maxValue ? rising * share : 0
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Multiplies each number by what `slope` gives of the number at its place.
  @inline(__always) fileprivate func scale(
    by numbers: UnsafeBufferPointer<Float>, _ slope: (Float) -> Float
  ) {
    for index in 0..<Swift.min(count, numbers.count) { self[index] *= slope(numbers[index]) }
  }

  /// Makes each number 0 but those where `isKept` holds for the number at its place.
  @inline(__always) fileprivate func keep(
    where numbers: UnsafeBufferPointer<Float>, _ isKept: (Float) -> Bool
  ) {
    for index in 0..<Swift.min(count, numbers.count) {
      // Read in any case: a branch would be guessed wrong half of the time.
      let number = self[index]
      self[index] = isKept(numbers[index]) ? number : 0
    }
  }

  @inline(__always) fileprivate func forEachRow(
    of width: Int, _ numbers: UnsafeBufferPointer<Float>,
    _ body: (UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
  ) {
    guard width > 0 else { return }
    for start in stride(from: 0, to: count, by: width) {
      let row = start..<(start + width)
      body(
        UnsafeMutableBufferPointer(rebasing: self[row]),
        UnsafeBufferPointer(rebasing: numbers[row]))
    }
  }
}
