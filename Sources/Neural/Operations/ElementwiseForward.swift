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
    guard kind != .choose else { return Pass(try choose(tensors, sizes)) }
    let join = kind.function
    return Pass(
      try Tensor.joined(tensors[0], tensors[1], for: className) { join($0, $1) })
  }

  private func choose(_ tensors: [Tensor], _ sizes: [Int]) throws(PassError) -> Tensor {
    let condition = try tensors[0].broadcast(to: sizes, for: className)
    let first = try tensors[1].broadcast(to: sizes, for: className)
    let second = try tensors[2].broadcast(to: sizes, for: className)
    return Tensor(sizes) { out in
      for index in 0..<out.count {
        out[index] = isTrue(condition.values[index]) ? first.values[index] : second.values[index]
      }
    }
  }
}

extension ElementwiseOperation.Kind {
  /// What is computed of two numbers.
  ///
  /// Source: `keras/src/backend/jax/numpy.py`.
  fileprivate var function: (Float, Float) -> Float {
    switch self {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide, .trueDivide: { $0 / $1 }
    case .divideNoNan: { $1 == 0 ? 0 : $0 / $1 }
    case .floorDivide: { floorDivision($0, $1).quotient }
    case .mod: { floorDivision($0, $1).remainder }
    case .power: { powf($0, $1) }
    case .maximum: { larger(of: $0, $1) }
    case .minimum: { smaller(of: $0, $1) }
    case .equal: { number($0 == $1) }
    case .notEqual: { number($0 != $1) }
    case .greater: { number($0 > $1) }
    case .greaterEqual: { number($0 >= $1) }
    case .less: { number($0 < $1) }
    case .lessEqual: { number($0 <= $1) }
    case .logicalAnd: { number(isTrue($0) && isTrue($1)) }
    case .logicalOr: { number(isTrue($0) || isTrue($1)) }
    case .logicalXor: { number(isTrue($0) != isTrue($1)) }
    case .arctan2: { atan2f($0, $1) }
    case .logaddexp: { logAddExp($0, $1) }
    case .hypot: { hypotf($0, $1) }
    case .isClose: { number(areClose($0, $1)) }
    // Takes three.
    case .choose: { isTrue($0) ? $0 : $1 }
    }
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
