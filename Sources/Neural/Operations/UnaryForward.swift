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
  ) throws(PassError) -> TracedTensor {
    let input = TracedTensor(input)
    switch self {
    case .copy: return input
    case .stopGradient: return .constant(input.value)
    default:
      if let activation { return input.applying(activation) }
      return function.map { input.map($0) } ?? input
    }
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
    case .exp: .exponential
    default: nil
    }
  }

  /// What is computed of each number, and its slope there.
  ///
  /// Source: `keras/src/backend/jax/numpy.py`, `math.py`.
  private var function: NumberFunction? {
    switch self {
    case .absolute: NumberFunction({ abs($0) }, slope: { x, _ in slopeOfMagnitude(x) })
    case .negative: NumberFunction({ -$0 }, slope: { _, _ in -1 })
    case .square: NumberFunction({ $0 * $0 }, slope: { x, _ in 2 * x })
    case .sqrt: NumberFunction({ $0.squareRoot() }, slope: { _, y in 0.5 / y })
    case .rsqrt: NumberFunction({ 1 / $0.squareRoot() }, slope: { x, y in -0.5 * y / x })
    case .reciprocal: NumberFunction({ 1 / $0 }, slope: { _, y in -y * y })
    case .expm1: NumberFunction({ expm1f($0) }, slope: { _, y in y + 1 })
    case .log: NumberFunction({ logf($0) }, slope: { x, _ in 1 / x })
    case .log1p: NumberFunction({ log1pf($0) }, slope: { x, _ in 1 / (1 + x) })
    case .log2: NumberFunction({ log2f($0) }, slope: { x, _ in 1.4426950408889634 / x })
    case .log10: NumberFunction({ log10f($0) }, slope: { x, _ in 0.43429448190325183 / x })
    case .sin: NumberFunction({ sinf($0) }, slope: { x, _ in cosf(x) })
    case .cos: NumberFunction({ cosf($0) }, slope: { x, _ in -sinf(x) })
    case .tan: NumberFunction({ tanf($0) }, slope: { _, y in 1 + y * y })
    case .sinh: NumberFunction({ sinhf($0) }, slope: { x, _ in coshf(x) })
    case .cosh: NumberFunction({ coshf($0) }, slope: { x, _ in sinhf(x) })
    case .arcsin: NumberFunction({ asinf($0) }, slope: { x, _ in 1 / (1 - x * x).squareRoot() })
    case .arccos: NumberFunction({ acosf($0) }, slope: { x, _ in -1 / (1 - x * x).squareRoot() })
    case .arctan: NumberFunction({ atanf($0) }, slope: { x, _ in 1 / (1 + x * x) })
    // 2 ÷ √π
    case .erf: NumberFunction({ erff($0) }, slope: { x, _ in 1.1283791670955126 * expf(-x * x) })
    case .sign: NumberFunction(steps: { Neural.sign($0) })
    case .floor: NumberFunction(steps: { $0.rounded(.down) })
    case .ceil: NumberFunction(steps: { $0.rounded(.up) })
    case .logicalNot: NumberFunction(steps: { number(!isTrue($0)) })
    case .isNaN: NumberFunction(steps: { number($0.isNaN) })
    case .isFinite: NumberFunction(steps: { number($0.isFinite) })
    case .isInfinite: NumberFunction(steps: { number($0.isInfinite) })
    default: nil
    }
  }
}

extension AlphaOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let alpha = try parameters.number("alpha")
    return TracedTensor(input).applying(self == .elu ? .elu(alpha: alpha) : .celu(alpha: alpha))
  }
}

extension LeakyOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    TracedTensor(input).applying(.leakyReLU(slope: try parameters.number("negative_slope")))
  }
}

extension ReLUOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let options = RectifierOptions(
      negativeSlope: try parameters.number("negative_slope"),
      maxValue: try parameters.optionalNumber("max_value"),
      threshold: try parameters.number("threshold"))
    return TracedTensor(input).applying(.relu(options))
  }
}

extension GeluOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    guard let isApproximate = parameters["approximate"].number else {
      throw parameters.unfit("approximate", "true or false")
    }
    if isApproximate == 0 { return TracedTensor(input).applying(.gelu) }
    return TracedTensor(input).map(GeluOperation.approximation)
  }

  /// ½x (1 + tanh(√(2/π) (x + 0.044715 x³))).
  private static let approximation: NumberFunction = {
    let (scale, bend): (Float, Float) = (0.7978845608028654, 0.044715)
    return NumberFunction(
      { 0.5 * $0 * (1 + tanhf(scale * ($0 + bend * $0 * $0 * $0))) },
      slope: { x, _ in
        let bent = tanhf(scale * (x + bend * x * x * x))
        return 0.5 * (1 + bent) + 0.5 * x * (1 - bent * bent) * scale * (1 + 3 * bend * x * x)
      })
  }()
}

extension ClipOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    var output = TracedTensor(input)
    for (key, join) in [("x_min", JoiningFunction.maximum), ("x_max", .minimum)] {
      guard !parameters[key].isNull else { continue }
      let bound = try parameters[key].tensor(for: parameters.operation)
      output = try output.joined(with: bound, join, for: parameters.operation)
    }
    return output
  }
}

extension RoundOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let decimals = try parameters.integer("decimals")
    if decimals == 0 { return .constant(input.map { $0.rounded(.toNearestOrEven) }) }
    let factor = powf(10, Float(decimals))
    return .constant(input.map { ($0 * factor).rounded(.toNearestOrEven) / factor })
  }
}
