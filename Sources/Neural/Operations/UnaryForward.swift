#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension UnaryOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    if let activation { return activation(input) }
    guard let function else { return input }
    return input.map(function)
  }

  /// The activation of this name.
  private var activation: ActivationFunction? {
    switch self {
    case .tanh: .tanh
    case .relu: .relu(RectifierOptions())
    case .relu6: .relu6
    case .sigmoid: .sigmoid
    case .logSigmoid: .logSigmoid
    case .softplus: .softplus
    case .softsign: .softsign
    case .silu: .silu
    case .hardSigmoid: .hardSigmoid
    case .hardSilu: .hardSilu
    case .hardTanh: .hardTanh
    case .tanhShrink: .tanhShrink
    case .selu: .selu
    default: nil
    }
  }

  /// What is computed of each number; `nil`: the number itself.
  ///
  /// Source: `keras/src/backend/jax/numpy.py`, `math.py`.
  private var function: ((Float) -> Float)? {
    switch self {
    case .absolute: { abs($0) }
    case .negative: { -$0 }
    case .square: { $0 * $0 }
    case .sqrt: { $0.squareRoot() }
    case .rsqrt: { 1 / $0.squareRoot() }
    case .reciprocal: { 1 / $0 }
    case .exp: { expf($0) }
    case .expm1: { expm1f($0) }
    case .log: { logf($0) }
    case .log1p: { log1pf($0) }
    case .log2: { log2f($0) }
    case .log10: { log10f($0) }
    case .sign: { Neural.sign($0) }
    case .floor: { $0.rounded(.down) }
    case .ceil: { $0.rounded(.up) }
    case .sin: { sinf($0) }
    case .cos: { cosf($0) }
    case .tan: { tanf($0) }
    case .sinh: { sinhf($0) }
    case .cosh: { coshf($0) }
    case .arcsin: { asinf($0) }
    case .arccos: { acosf($0) }
    case .arctan: { atanf($0) }
    case .erf: { erff($0) }
    case .logicalNot: { number(!isTrue($0)) }
    case .isNaN: { number($0.isNaN) }
    case .isFinite: { number($0.isFinite) }
    case .isInfinite: { number($0.isInfinite) }
    default: nil
    }
  }
}

extension AlphaOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    let alpha = try parameters.number("alpha")
    return (self == .elu ? ActivationFunction.elu(alpha: alpha) : .celu(alpha: alpha))(input)
  }
}

extension LeakyOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    ActivationFunction.leakyReLU(slope: try parameters.number("negative_slope"))(input)
  }
}

extension ReLUOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    let options = RectifierOptions(
      negativeSlope: try parameters.number("negative_slope"),
      maxValue: try parameters.optionalNumber("max_value"),
      threshold: try parameters.number("threshold"))
    return ActivationFunction.relu(options)(input)
  }
}

extension GeluOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    guard let isApproximate = parameters["approximate"].number else {
      throw parameters.unfit("approximate", "true or false")
    }
    if isApproximate == 0 { return ActivationFunction.gelu(input) }
    // √(2/π)
    let scale: Float = 0.7978845608028654
    return input.map { 0.5 * $0 * (1 + tanhf(scale * ($0 + 0.044715 * $0 * $0 * $0))) }
  }
}

extension ClipOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    var output = input
    for (key, join) in [("x_min", larger(of:_:)), ("x_max", smaller(of:_:))] {
      guard !parameters[key].isNull else { continue }
      let bound = try parameters[key].tensor(for: parameters.operation)
      output = try Tensor.joined(
        output, bound, for: parameters.operation, join)
    }
    return output
  }
}

extension RoundOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> Tensor {
    let decimals = try parameters.integer("decimals")
    if decimals == 0 { return input.map { $0.rounded(.toNearestOrEven) } }
    let factor = powf(10, Float(decimals))
    return input.map { ($0 * factor).rounded(.toNearestOrEven) / factor }
  }
}
