import OrderedCollections

/// A family of operations that change numbers but no shape, and have the same parameters.
package protocol PlainOperationFamily: Hashable, Sendable, RawRepresentable, CaseIterable
where RawValue == String {
  /// The operation that stands for the family.
  static var standard: Self { get }
  /// Parameters with their defaults, in the order of Keras' constructor.
  static var parameters: OrderedDictionary<String, ConfigValue> { get }
  /// What is computed of a tensor, with the way back.
  ///
  /// - Throws: `PassError` where a parameter makes no sense.
  func compute(_ input: Tensor, _ parameters: OperationParameters) throws(PassError) -> TracedTensor
}

/// An operation that changes numbers but no shape: `relu`, `exp`, `clip`.
///
/// Source: `keras/src/ops/numpy.py`, `nn.py`, `core.py`.
package struct PlainOperation<Family: PlainOperationFamily>: GraphOperation {
  package static var className: String { "PlainOperation" }

  /// Which operation.
  package var kind: Family
  /// Its parameters.
  package var values = Family.parameters

  package init() { kind = Family.standard }

  /// The operation `kind`, its parameters by default.
  package init(_ kind: Family) { self.kind = kind }

  fileprivate subscript(key: String) -> ConfigValue {
    get { values[key] ?? .null }
    set { values[key] = newValue }
  }

  package static var settings: [Setting<PlainOperation<Family>>] {
    Family.parameters.keys.map { key in
      Setting(key, \.[key], .value, help: "of the operation")
    }
  }

  package var className: String { kind.rawValue }
  package var keepsAxes: Bool { true }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    guard let axis = values["axis"] else { return [input] }
    for value in axis.listValue ?? [axis] {
      guard let index = value.intValue else { continue }
      _ = try input.requireAxis(index, for: className)
    }
    // Without an axis one row of all numbers is meant.
    let rows = [AxisOperation.argsort.rawValue, CumulativeOperation.sum.rawValue]
    if axis.isNull, rows.contains(className) {
      return [Shape([Axis(.other, try input.elements())])]
    }
    return [input]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, sizes) = try single(inputs)
    let output = try kind.compute(input, OperationParameters(className, values))
    guard output.value.sizes == sizes else {
      throw PassError(
        "\(className) makes \(output.value.shape) of \(input.shape), not \(Shape(sizes: sizes)) as Keras "
          + "says", remedy: "name an axis")
    }
    return output.pass(in: context)
  }
}

/// Operations without parameters.
package enum UnaryOperation: String, PlainOperationFamily {
  case absolute = "Absolute"
  case negative = "Negative"
  case square = "Square"
  case sqrt = "Sqrt"
  case rsqrt = "Rsqrt"
  case reciprocal = "Reciprocal"
  case exp = "Exp"
  case expm1 = "Expm1"
  case log = "Log"
  case log1p = "Log1p"
  case log2 = "Log2"
  case log10 = "Log10"
  case sign = "Sign"
  case floor = "Floor"
  case ceil = "Ceil"
  case sin = "Sin"
  case cos = "Cos"
  case tan = "Tan"
  case sinh = "Sinh"
  case cosh = "Cosh"
  case arcsin = "Arcsin"
  case arccos = "Arccos"
  case arctan = "Arctan"
  case erf = "Erf"
  case tanh = "Tanh"
  case relu = "Relu"
  case relu6 = "Relu6"
  case sigmoid = "Sigmoid"
  case logSigmoid = "LogSigmoid"
  case softplus = "Softplus"
  case softsign = "Softsign"
  case silu = "Silu"
  case hardSigmoid = "HardSigmoid"
  case hardSilu = "HardSilu"
  case hardTanh = "HardTanh"
  case tanhShrink = "TanhShrink"
  case selu = "Selu"
  case logicalNot = "LogicalNot"
  case isNaN = "Isnan"
  case isFinite = "Isfinite"
  case isInfinite = "Isinf"
  case copy = "Copy"
  case stopGradient = "StopGradient"

  package static let standard = Self.absolute
  package static let parameters: OrderedDictionary<String, ConfigValue> = [:]
}

/// Operations along an axis.
package enum AxisOperation: String, PlainOperationFamily {
  case softmax = "Softmax"
  case logSoftmax = "LogSoftmax"
  case sparsemax = "Sparsemax"
  case sort = "Sort"
  case argsort = "Argsort"

  package static let standard = Self.softmax
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["axis": -1]
}

/// Sums that go on along an axis.
package enum CumulativeOperation: String, PlainOperationFamily {
  case sum = "Cumsum"

  package static let standard = Self.sum
  package static let parameters: OrderedDictionary<String, ConfigValue> = [
    "axis": nil, "dtype": nil,
  ]
}

/// Operations with a strength.
package enum AlphaOperation: String, PlainOperationFamily {
  case elu = "Elu"
  case celu = "Celu"

  package static let standard = Self.elu
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["alpha": 1.0]
}

/// relu with a slope below 0.
package enum LeakyOperation: String, PlainOperationFamily {
  case leakyRelu = "LeakyRelu"

  package static let standard = Self.leakyRelu
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["negative_slope": 0.2]
}

/// relu as `keras.activations` has it.
package enum ReLUOperation: String, PlainOperationFamily {
  case relu = "ReLU"

  package static let standard = Self.relu
  package static let parameters: OrderedDictionary<String, ConfigValue> = [
    "negative_slope": 0.0, "max_value": nil, "threshold": 0.0,
  ]
}

/// gelu, exact or approximate.
package enum GeluOperation: String, PlainOperationFamily {
  case gelu = "Gelu"

  package static let standard = Self.gelu
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["approximate": true]
}

/// Operations with limits.
package enum ClipOperation: String, PlainOperationFamily {
  case clip = "Clip"

  package static let standard = Self.clip
  package static let parameters: OrderedDictionary<String, ConfigValue> = [
    "x_min": nil, "x_max": nil,
  ]
}

/// Taking what is there as a tensor.
package enum ConversionOperation: String, PlainOperationFamily {
  case convertToTensor = "ConvertToTensor"

  package static let standard = Self.convertToTensor
  package static let parameters: OrderedDictionary<String, ConfigValue> = [
    "dtype": nil, "sparse": nil, "ragged": nil,
  ]
}

/// Operations that give another type of numbers.
package enum TypedOperation: String, PlainOperationFamily {
  case cast = "Cast"
  case onesLike = "OnesLike"
  case zerosLike = "ZerosLike"

  package static let standard = Self.cast
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["dtype": nil]
}

/// Rounding.
package enum RoundOperation: String, PlainOperationFamily {
  case round = "Round"

  package static let standard = Self.round
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["decimals": 0]
}

/// Mirroring along axes.
package enum FlipOperation: String, PlainOperationFamily {
  case flip = "Flip"

  package static let standard = Self.flip
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["axis": nil]
}

/// Moving along axes.
package enum RollOperation: String, PlainOperationFamily {
  case roll = "Roll"

  package static let standard = Self.roll
  package static let parameters: OrderedDictionary<String, ConfigValue> = [
    "shift": 1, "axis": nil,
  ]
}

/// Bringing vectors to length 1.
package enum NormalizeOperation: String, PlainOperationFamily {
  case normalize = "Normalize"

  package static let standard = Self.normalize
  package static let parameters: OrderedDictionary<String, ConfigValue> = [
    "axis": -1, "order": 2, "epsilon": nil,
  ]
}

/// Triangles of matrices.
package enum TriangleOperation: String, PlainOperationFamily {
  case lower = "Tril"
  case upper = "Triu"

  package static let standard = Self.lower
  package static let parameters: OrderedDictionary<String, ConfigValue> = ["k": 0]
}
