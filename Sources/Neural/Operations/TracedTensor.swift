/// A tensor with the way back to the one that it was made of.
///
/// An operation on one tensor is a chain of steps, each of which knows its own way back.
package struct TracedTensor: Sendable {
  /// The numbers.
  package let value: Tensor
  /// From how the loss changes with the numbers, how it changes with those that they were made
  /// of; `nil` where a small change of those changes nothing.
  let back: (@Sendable (Tensor) -> Tensor)?

  private init(_ value: Tensor, back: (@Sendable (Tensor) -> Tensor)?) {
    self.value = value
    self.back = back
  }

  /// A tensor as it came in.
  init(_ input: Tensor) { self.init(input) { $0 } }

  /// Numbers that stay the same where those that they were made of change a little: a comparison,
  /// an index.
  static func constant(_ value: Tensor) -> TracedTensor { TracedTensor(value, back: nil) }

  /// One step more.
  ///
  /// - Parameters:
  ///   - value: what it makes of the numbers.
  ///   - back: from the gradient of its numbers that of the numbers before it.
  /// - Returns: the tensor behind the step.
  func then(_ value: Tensor, back: @escaping @Sendable (Tensor) -> Tensor) -> TracedTensor {
    guard let earlier = self.back else { return .constant(value) }
    return TracedTensor(value) { earlier(back($0)) }
  }

  /// The pass of an operation that gives this tensor.
  func pass(in context: PassContext) -> Pass {
    guard let back else {
      var pass = Pass(value)
      pass.isConstant = true
      return pass
    }
    let isNeeded = context.needsInputGradients
    return Pass(value, in: context) { gradient in Gradients(isNeeded ? back(gradient) : nil) }
  }
}

// Steps that move numbers and change none.
extension TracedTensor {
  /// The same numbers under other sizes.
  func reshaped(_ sizes: [Int]) -> TracedTensor {
    let before = value.sizes
    return before == sizes ? self : then(value.reshaped(sizes)) { $0.reshaped(before) }
  }

  /// The tensor with its axes in another order: axis `i` of the result is axis `order[i]`.
  func transposed(_ order: [Int]) -> TracedTensor {
    if order == Array(order.indices) { return self }
    return then(value.transposed(order)) { $0.transposed(order.inversePermutation) }
  }

  /// The positions `range` of an axis.
  func slice(axis: Int, _ range: Range<Int>) -> TracedTensor {
    let size = value.sizes[axis]
    return then(value.slice(axis: axis, range)) {
      $0.placed(at: range.lowerBound, of: size, axis: axis)
    }
  }

  /// The positions `positions` of an axis, in that order; each as often as it stands there.
  func taking(_ positions: [Int], axis: Int) -> TracedTensor {
    let size = value.sizes[axis]
    return then(value.taking(positions, axis: axis)) {
      $0.returned(to: positions, of: size, axis: axis)
    }
  }

  /// The tensor with an axis in reverse order.
  func reversed(axis: Int) -> TracedTensor {
    then(value.reversed(axis: axis)) { $0.reversed(axis: axis) }
  }

  /// The tensor repeated along axes of size 1 until it has these sizes.
  ///
  /// - Throws: `PassError` where an axis is neither 1 nor as long as wanted.
  func broadcast(to wanted: [Int], for operation: String) throws(PassError) -> TracedTensor {
    let before = value.sizes
    return then(try value.broadcast(to: wanted, for: operation)) { $0.summed(to: before) }
  }

  /// `change` of the tensor with `axes` moved to its end and joined to one; put back afterwards.
  ///
  /// `change` keeps the sizes.
  func joiningAxes(_ axes: [Int], _ change: (TracedTensor) -> TracedTensor) -> TracedTensor {
    let sizes = value.sizes
    if axes == [sizes.count - 1] { return change(self) }
    let order = sizes.indices.filter { !axes.contains($0) } + axes
    let moved = transposed(order)
    let width = axes.reduce(1) { $0 * sizes[$1] }
    let kept = order.dropLast(axes.count).map { sizes[$0] }
    return change(moved.reshaped(kept + [width])).reshaped(moved.value.sizes)
      .transposed(order.inversePermutation)
  }
}

// Steps that change numbers.
extension TracedTensor {
  /// A function of every number.
  func map(_ function: NumberFunction) -> TracedTensor {
    let (before, after) = (value, value.map(function.value))
    guard let slope = function.slope else { return .constant(after) }
    return then(after) { gradient in
      Tensor(gradient.sizes) { out in
        gradient.values.withUnsafeBufferPointer { gradient in
          before.values.withUnsafeBufferPointer { x in
            after.values.withUnsafeBufferPointer { y in
              for index in 0..<out.count {
                out[index] = gradient[index] * slope(x[index], y[index])
              }
            }
          }
        }
      }
    }
  }

  /// An activation function of every number, or of rows of the last axis.
  func applying(_ function: ActivationFunction) -> TracedTensor {
    let after = function(value)
    let before = function.followsFromValues ? after : value
    return then(after) { function.gradient($0, arguments: before, values: after) }
  }

  /// A function of every number and a constant, which is repeated along axes of size 1.
  ///
  /// - Throws: `PassError` where the sizes do not fit.
  func joined(
    with constant: Tensor, _ function: JoiningFunction, for operation: String
  ) throws(PassError) -> TracedTensor {
    let before = value
    let after = try Tensor.joined(before, constant, for: operation, function.value)
    guard !function.isConstant else { return .constant(after) }
    return then(after) { function.gradient($0, ofFirst: true, before, constant, after) }
  }
}

/// A function of one number, and its slope.
struct NumberFunction: Sendable {
  /// What is computed of a number.
  let value: @Sendable (Float) -> Float
  /// How it changes, from the number and what was computed; `nil` where it does not, but in steps.
  let slope: (@Sendable (_ x: Float, _ y: Float) -> Float)?

  /// A function with a slope.
  init(
    _ value: @escaping @Sendable (Float) -> Float,
    slope: @escaping @Sendable (_ x: Float, _ y: Float) -> Float
  ) {
    self.value = value
    self.slope = slope
  }

  /// A function that changes in steps only.
  init(steps value: @escaping @Sendable (Float) -> Float) {
    self.value = value
    slope = nil
  }
}
