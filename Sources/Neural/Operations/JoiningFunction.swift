/// A function of two numbers, and its slopes.
struct JoiningFunction: Sendable {
  /// One slope: of the two numbers and what was computed of them.
  typealias Slope = @Sendable (_ a: Float, _ b: Float, _ y: Float) -> Float

  /// How the value changes with the two numbers.
  enum Slopes: Sendable {
    /// In steps only.
    case none
    /// The same everywhere.
    case fixed(Float, Float)
    /// Differently from place to place.
    case varying(first: Slope, second: Slope)
  }

  /// What is computed of two numbers.
  let value: @Sendable (Float, Float) -> Float
  /// How it changes with them.
  let slopes: Slopes

  /// A function with the same slopes everywhere.
  init(_ value: @escaping @Sendable (Float, Float) -> Float, slopes first: Float, _ second: Float) {
    self.value = value
    slopes = .fixed(first, second)
  }

  /// A function with its slopes.
  init(
    _ value: @escaping @Sendable (Float, Float) -> Float, first: @escaping Slope,
    second: @escaping Slope
  ) {
    self.value = value
    slopes = .varying(first: first, second: second)
  }

  /// A function that changes in steps only.
  init(steps value: @escaping @Sendable (Float, Float) -> Float) {
    self.value = value
    slopes = .none
  }

  /// Whether the function changes in steps only.
  var isConstant: Bool {
    if case .none = slopes { return true }
    return false
  }

  /// The gradient of one of two tensors that were joined.
  ///
  /// - Parameters:
  ///   - gradient: that of the values.
  ///   - isFirst: which of them.
  ///   - a: the first, whose sizes broadcast to those of the values.
  ///   - b: the second.
  ///   - values: what was computed.
  /// - Returns: the gradient, of that tensor's sizes.
  func gradient(
    _ gradient: Tensor, ofFirst isFirst: Bool, _ a: Tensor, _ b: Tensor, _ values: Tensor
  ) -> Tensor {
    let sizes = isFirst ? a.sizes : b.sizes
    switch slopes {
    case .none: return Tensor(sizes)
    case .fixed(let first, let second):
      let slope = isFirst ? first : second
      return (slope == 1 ? gradient : gradient.map { $0 * slope }).summed(to: sizes)
    case .varying(let first, let second):
      let slope = isFirst ? first : second
      // A single number is read again at every place.
      let one = a.count == 1 ? a : a.broadcast(to: values.sizes) ?? a
      let other = b.count == 1 ? b : b.broadcast(to: values.sizes) ?? b
      let (step, otherStep) = (one.count == 1 ? 0 : 1, other.count == 1 ? 0 : 1)
      let each = Tensor(values.sizes) { out in
        gradient.values.withUnsafeBufferPointer { gradient in
          one.values.withUnsafeBufferPointer { one in
            other.values.withUnsafeBufferPointer { other in
              values.values.withUnsafeBufferPointer { values in
                for index in 0..<out.count {
                  out[index] =
                    gradient[index]
                    * slope(one[index * step], other[index * otherStep], values[index])
                }
              }
            }
          }
        }
      }
      return each.summed(to: sizes)
    }
  }
}

extension Operands {
  /// The gradient of each tensor among `count` operands, constants left out; `nil` for all of them
  /// where the context does not need them.
  func gradients(
    of count: Int, in context: PassContext, _ gradient: (Int) -> Tensor?
  ) -> Gradients {
    let places = (0..<count).filter { $0 >= constants.count || constants[$0].isNull }
    return Gradients(inputs: places.map { context.needsInputGradients ? gradient($0) : nil })
  }
}
