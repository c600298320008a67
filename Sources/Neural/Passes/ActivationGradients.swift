extension Activation {
  /// The gradient of the function's arguments.
  ///
  /// - Parameters:
  ///   - gradient: that of its values.
  ///   - arguments: what it was applied to.
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
  /// The gradient of the function's arguments, from that of its values.
  func gradient(_ gradient: Tensor, arguments: Tensor, values: Tensor) -> Tensor {
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
  /// - Parameters:
  ///   - gradients: `rows` × `width` numbers.
  ///   - arguments: what the function was applied to.
  ///   - values: what it gave.
  ///   - width: the size of the last axis: functions such as softmax look at a row as a whole.
  func backpropagate(
    _ gradients: UnsafeMutableBufferPointer<Float>, arguments: UnsafeBufferPointer<Float>,
    values: UnsafeBufferPointer<Float>, width: Int
  ) {
    for index in gradients.indices {
      let (x, y) = (arguments[index], values[index])
      switch self {
      case .tanh: gradients[index] *= 1 - y * y
      case .sigmoid: gradients[index] *= y * (1 - y)
      case .relu: gradients[index] *= x > 0 ? 1 : 0
      default: break
      }
    }
  }
}
