#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Truth values are 1 and 0. Whole numbers are floats as well: a division of two of them gives what
// the floats give, also where Keras' own whole numbers would be divided by 0.

extension ElementwiseOperation {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)[0]
    let tensors = try operands.tensors(inputs, count: kind == .choose ? 3 : 2, of: className)
    guard kind != .choose else { return try choose(tensors, sizes, in: context) }
    let function = kind.function
    let (a, b) = (tensors[0], tensors[1])
    let values = try Tensor.joined(a, b, for: className, function.value)
    guard !function.isConstant else { return TracedTensor.constant(values).pass(in: context) }
    return Pass(values, in: context) { [operands] gradient in
      operands.gradients(of: 2, in: context) { place in
        function.gradient(gradient, ofFirst: place == 0, a, b, values)
      }
    }
  }

  private func choose(
    _ tensors: [Tensor], _ sizes: [Int], in context: PassContext
  ) throws(PassError) -> Pass {
    let condition = try tensors[0].broadcast(to: sizes, for: className)
    let first = try tensors[1].broadcast(to: sizes, for: className)
    let second = try tensors[2].broadcast(to: sizes, for: className)
    let chosen = Tensor(sizes) { out in
      for index in 0..<out.count {
        out[index] = isTrue(condition.values[index]) ? first.values[index] : second.values[index]
      }
    }
    let operandSizes = tensors.map(\.sizes)
    return Pass(chosen, in: context) { [operands] gradient in
      operands.gradients(of: 3, in: context) { place in
        guard place > 0 else { return nil }
        return gradient.zipped(with: condition) { isTrue($1) == (place == 1) ? $0 : 0 }
          .summed(to: operandSizes[place])
      }
    }
  }
}

extension ElementwiseOperation.Kind {
  /// What is computed of two numbers, and how it changes with them.
  ///
  /// Where the values are equal, the larger and the smaller share a gradient, as in Keras.
  /// Source: `keras/src/backend/jax/numpy.py`.
  fileprivate var function: JoiningFunction {
    switch self {
    case .add: JoiningFunction({ $0 + $1 }, slopes: 1, 1)
    case .subtract: JoiningFunction({ $0 - $1 }, slopes: 1, -1)
    case .multiply: .product
    case .divide, .trueDivide:
      JoiningFunction({ $0 / $1 }, first: { _, b, _ in 1 / b }, second: { _, b, y in -y / b })
    case .divideNoNan:
      JoiningFunction(
        { $1 == 0 ? 0 : $0 / $1 }, first: { _, b, _ in b == 0 ? 0 : 1 / b },
        second: { _, b, y in b == 0 ? 0 : -y / b })
    case .floorDivide: JoiningFunction(steps: { floorDivision($0, $1).quotient })
    case .mod:
      JoiningFunction(
        { floorDivision($0, $1).remainder }, first: { _, _, _ in 1 },
        second: { a, b, _ in -floorDivision(a, b).quotient })
    case .power:
      JoiningFunction(
        { powf($0, $1) }, first: { a, b, _ in b == 0 ? 0 : b * powf(a, b - 1) },
        // No power of 0 changes with its exponent.
        second: { a, _, y in a == 0 ? 0 : logf(a) * y })
    case .maximum: .maximum
    case .minimum: .minimum
    case .equal: JoiningFunction(steps: { number($0 == $1) })
    case .notEqual: JoiningFunction(steps: { number($0 != $1) })
    case .greater: JoiningFunction(steps: { number($0 > $1) })
    case .greaterEqual: JoiningFunction(steps: { number($0 >= $1) })
    case .less: JoiningFunction(steps: { number($0 < $1) })
    case .lessEqual: JoiningFunction(steps: { number($0 <= $1) })
    case .logicalAnd: JoiningFunction(steps: { number(isTrue($0) && isTrue($1)) })
    case .logicalOr: JoiningFunction(steps: { number(isTrue($0) || isTrue($1)) })
    case .logicalXor: JoiningFunction(steps: { number(isTrue($0) != isTrue($1)) })
    case .isClose: JoiningFunction(steps: { number(areClose($0, $1)) })
    case .arctan2:
      JoiningFunction(
        { atan2f($0, $1) }, first: { a, b, _ in b / (a * a + b * b) },
        second: { a, b, _ in -a / (a * a + b * b) })
    case .logaddexp:
      // Two equal infinities differ by nothing.
      JoiningFunction(
        { logAddExp($0, $1) }, first: { a, _, y in a == y ? 1 : expf(a - y) },
        second: { _, b, y in b == y ? 1 : expf(b - y) })
    case .hypot:
      // At the origin Keras takes half of both slopes.
      JoiningFunction(
        { hypotf($0, $1) }, first: { a, _, y in y == 0 ? 0.5 : a / y },
        second: { _, b, y in y == 0 ? 0.5 : b / y })
    // Takes three.
    case .choose: JoiningFunction(steps: { isTrue($0) ? $0 : $1 })
    }
  }
}

extension JoiningFunction {
  /// The product.
  static let product = JoiningFunction(
    { $0 * $1 }, first: { _, b, _ in b }, second: { a, _, _ in a })

  /// The larger number; equal ones share a gradient.
  static let maximum = JoiningFunction(
    { larger(of: $0, $1) }, first: { a, b, y in share(of: a, besides: b, y) },
    second: { a, b, y in share(of: b, besides: a, y) })

  /// The smaller number; equal ones share a gradient.
  static let minimum = JoiningFunction(
    { smaller(of: $0, $1) }, first: { a, b, y in share(of: a, besides: b, y) },
    second: { a, b, y in share(of: b, besides: a, y) })

  /// What a number that was chosen, or not, has of the gradient.
  private static func share(of x: Float, besides other: Float, _ chosen: Float) -> Float {
    x == chosen ? (other == chosen ? 0.5 : 1) : 0
  }
}

/// The larger number; NaN where either is.
@inline(__always) func larger(of a: Float, _ b: Float) -> Float { a > b || a.isNaN ? a : b }

/// The smaller number; NaN where either is.
@inline(__always) func smaller(of a: Float, _ b: Float) -> Float { a < b || a.isNaN ? a : b }

/// Python's `//` and `%`: the remainder has the divisor's sign.
///
/// Source: `_float_divmod` in `jax/_src/numpy/ufuncs.py`.
private func floorDivision(_ a: Float, _ b: Float) -> (quotient: Float, remainder: Float) {
  var remainder = fmodf(a, b)
  var quotient = (b == 0 ? a : a - remainder) / b
  if remainder != 0, sign(remainder) != sign(b) {
    remainder += b
    quotient -= 1
  }
  return (quotient.rounded(), remainder)
}

/// −1, 0 or 1; NaN of NaN.
@inline(__always) func sign(_ x: Float) -> Float { x > 0 ? 1 : x < 0 ? -1 : x }

/// The slope of |x|: 1 at 0, too, as in Keras.
@inline(__always) func slopeOfMagnitude(_ x: Float) -> Float { x >= 0 ? 1 : -1 }

/// log(eᵃ + eᵇ), also where a power would be too large.
func logAddExp(_ a: Float, _ b: Float) -> Float {
  let difference = a - b
  // Two equal infinities, or NaN.
  if difference.isNaN { return a + b }
  return larger(of: a, b) + log1pf(expf(-abs(difference)))
}

private func areClose(_ a: Float, _ b: Float) -> Bool {
  guard a.isFinite, b.isFinite else { return a == b }
  return abs(a - b) <= 1e-8 + 1e-5 * abs(b)
}
