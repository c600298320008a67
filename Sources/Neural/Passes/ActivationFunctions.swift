#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Activation {
  /// Applies the function to rows of numbers, in place.
  ///
  /// Formulas and their behaviour at infinities and NaN are those of Keras with JAX:
  /// `keras/src/activations/activations.py`, `keras/src/backend/jax/nn.py`.
  ///
  /// - Parameters:
  ///   - numbers: `rows` × `width` numbers; functions such as softmax look at a row as a whole.
  ///   - width: the size of the last axis.
  /// - Throws: `PassError` where the function is not one of Keras', or changes the shape.
  public func apply(
    to numbers: UnsafeMutableBufferPointer<Float>, width: Int
  ) throws(PassError) {
    try function().apply(to: numbers, width: width)
  }

  /// The function of every number of a tensor.
  ///
  /// - Throws: `PassError` where the function is not one of Keras', or changes the shape.
  public func callAsFunction(_ tensor: Tensor) throws(PassError) -> Tensor {
    if name == "linear" { return tensor }
    return try function()(tensor)
  }
}

/// An activation with all that it needs: Keras' defaults, or the settings of a layer such as
/// `LeakyReLU` that stands where an activation's name could.
enum ActivationFunction {
  case linear, tanh, sigmoid, exponential, relu6, selu, gelu, softplus, softsign, silu, mish
  case logSigmoid, squareplus, sparsePlus, sparseSigmoid, tanhShrink, hardTanh, hardSigmoid
  case hardSilu, hardShrink, softShrink
  case leakyReLU(slope: Float)
  case elu(alpha: Float)
  case celu(alpha: Float)
  case relu(RectifierOptions)
  case softmax, logSoftmax, sparsemax

  /// Applies the function to rows of `width` numbers, in place.
  func apply(to numbers: UnsafeMutableBufferPointer<Float>, width: Int) {
    switch self {
    case .linear: break
    case .tanh: numbers.change { tanhf($0) }
    case .sigmoid: numbers.change { logistic($0) }
    case .exponential: numbers.change { expf($0) }
    case .relu(let options): options.apply(to: numbers)
    case .relu6: numbers.change { clipped($0, 0, 6) }
    case .leakyReLU(let slope): numbers.change { $0 >= 0 ? $0 : slope * $0 }
    case .elu(let alpha): numbers.change { $0 > 0 ? $0 : alpha * expm1f($0) }
    case .selu:
      numbers.change { x in
        1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1f(x))
      }
    case .celu(let alpha):
      numbers.change { larger($0, 0) + alpha * expm1f(smaller($0, 0) / alpha) }
    case .gelu: numbers.change { 0.5 * $0 * erfcf(-$0 * 0.70710678118654752) }
    case .softplus: numbers.change { logOfOnePlusExp($0) }
    case .softsign: numbers.change { $0 / (abs($0) + 1) }
    case .silu: numbers.change { $0 * logistic($0) }
    case .mish: numbers.change { $0 * tanhf(logOfOnePlusExp($0)) }
    case .logSigmoid: numbers.change { -logOfOnePlusExp(-$0) }
    case .squareplus: numbers.change { ($0 + ($0 * $0 + 4).squareRoot()) / 2 }
    case .sparsePlus:
      numbers.change { $0 <= -1 ? 0 : $0 >= 1 ? $0 : ($0 + 1) * ($0 + 1) / 4 }
    case .sparseSigmoid: numbers.change { 0.5 * clipped($0 + 1, 0, 2) }
    case .tanhShrink: numbers.change { $0 - tanhf($0) }
    case .hardTanh: numbers.change { $0 > 1 ? 1 : $0 < -1 ? -1 : $0 }
    case .hardSigmoid: numbers.change { clipped($0 + 3, 0, 6) / 6 }
    case .hardSilu: numbers.change { $0 * (clipped($0 + 3, 0, 6) / 6) }
    case .hardShrink: numbers.change { abs($0) > 0.5 ? $0 : 0 }
    case .softShrink: numbers.change { $0 > 0.5 ? $0 - 0.5 : $0 < -0.5 ? $0 + 0.5 : 0 }
    case .softmax: numbers.forEachRow(of: width) { $0.applySoftmax() }
    case .logSoftmax: numbers.forEachRow(of: width) { $0.applyLogSoftmax() }
    case .sparsemax: numbers.forEachRow(of: width) { $0.applySparsemax() }
    }
  }

  /// The function of every number of a tensor; of rows of its last axis where it looks at rows.
  func callAsFunction(_ tensor: Tensor) -> Tensor {
    var values = tensor.values
    values.withUnsafeMutableBufferPointer { apply(to: $0, width: tensor.sizes.last ?? 1) }
    return Tensor(tensor.sizes, values)
  }
}

/// What a rectifier can be told: `keras.activations.relu`, `keras.layers.ReLU`.
struct RectifierOptions {
  var negativeSlope: Float = 0
  var maxValue: Float?
  var threshold: Float = 0

  func apply(to numbers: UnsafeMutableBufferPointer<Float>) {
    let (slope, threshold) = (negativeSlope, threshold)
    if slope == 0, threshold == 0, maxValue == nil {
      numbers.change { larger($0, 0) }
      return
    }
    if slope != 0, threshold == 0, maxValue == nil {
      numbers.change { $0 >= 0 ? $0 : slope * $0 }
      return
    }
    numbers.change { x in
      // Above the threshold numbers stay; what is not a number is not above it.
      var result = threshold != 0 ? (x > threshold ? x : 0) : larger(x, 0)
      if let maxValue { result = clipped(result, 0, maxValue) }
      return slope == 0 ? result : result - slope * larger(threshold - x, 0)
    }
  }
}

// Swift's `max` keeps or drops NaN depending on the order: these always keep it.

/// The larger number; NaN where `x` is.
@inline(__always) func larger(_ x: Float, _ y: Float) -> Float { x < y ? y : x }

/// The smaller number; NaN where `x` is.
@inline(__always) func smaller(_ x: Float, _ y: Float) -> Float { x > y ? y : x }

/// The number nearest to `x` from `low` to `high`; NaN where `x` is.
@inline(__always) func clipped(_ x: Float, _ low: Float, _ high: Float) -> Float {
  smaller(larger(x, low), high)
}

@inline(__always) func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

/// log(1 + eˣ), without overflow.
@inline(__always) func logOfOnePlusExp(_ x: Float) -> Float {
  larger(x, 0) + log1pf(expf(-abs(x)))
}

extension UnsafeMutableBufferPointer<Float> {
  @inline(__always) func change(_ function: (Float) -> Float) {
    for index in indices { self[index] = function(self[index]) }
  }

  @inline(__always) fileprivate func forEachRow(
    of width: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    guard width > 0 else { return }
    for start in stride(from: 0, to: count, by: width) {
      body(UnsafeMutableBufferPointer(rebasing: self[start..<(start + width)]))
    }
  }
}
