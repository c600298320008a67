extension TypedOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    let type = try NumberType(parameters["dtype"], for: parameters.operation)
    switch self {
    case .cast: return TracedTensor(input).cast(to: type)
    case .onesLike: return .constant(Tensor(input.sizes, repeating: 1))
    case .zerosLike: return .constant(Tensor(input.sizes))
    }
  }
}

extension ConversionOperation {
  package func compute(
    _ input: Tensor, _ parameters: OperationParameters
  ) throws(PassError) -> TracedTensor {
    TracedTensor(input).cast(to: try NumberType(parameters["dtype"], for: parameters.operation))
  }
}

extension TracedTensor {
  /// The numbers as another type has them; gradients, which it rounds too, go through types of
  /// fractions alone.
  func cast(to type: NumberType) -> TracedTensor {
    switch type {
    case .float32: self
    case .float16, .bfloat16: then(type.cast(value)) { type.cast($0) }
    case .truth, .whole: .constant(type.cast(value))
    }
  }
}

/// A type of numbers that a tensor of 32-bit floats can stand for.
///
/// Numbers stay 32-bit floats: after a cast they have the values that the type can hold, but later
/// operations do not round to it again. Whole numbers above 2²⁴ are not all exact.
enum NumberType {
  case float32
  case float16
  case bfloat16
  case truth
  /// Whole numbers within bounds.
  case whole(ClosedRange<Double>)

  /// Reads a name of Keras: `int32`; `None` leaves numbers as they are.
  init(_ value: ConfigValue, for operation: String) throws(PassError) {
    let name = value.isNull ? "float32" : value.stringValue ?? value["config"]?["name"]?.stringValue
    switch name?.split(separator: ".").last {
    // JAX keeps 32 bits of what asks for 64.
    case "float32", "float64", "float", "double": self = .float32
    case "float16", "half": self = .float16
    case "bfloat16": self = .bfloat16
    case "bool": self = .truth
    case "int8": self = .whole(-128...127)
    case "int16": self = .whole(-32_768...32_767)
    case "int32", "int64", "int": self = .whole(-2_147_483_648...2_147_483_647)
    case "uint8": self = .whole(0...255)
    case "uint16": self = .whole(0...65_535)
    case "uint32", "uint64": self = .whole(0...4_294_967_295)
    default:
      throw PassError("\(operation) to \(value.shortDescription) cannot be computed here")
    }
  }

  /// The numbers as this type has them.
  func cast(_ input: Tensor) -> Tensor {
    switch self {
    case .float32: input
    case .float16: input.map(halfPrecision)
    case .bfloat16: input.map(brainPrecision)
    case .truth: input.map { number(isTrue($0)) }
    case .whole(let bounds):
      input.map { value in
        if value.isNaN { return 0 }
        let whole = Double(value.rounded(.towardZero))
        return Float(min(max(whole, bounds.lowerBound), bounds.upperBound))
      }
    }
  }

  /// Rounds to 11 significant bits and a smallest step of 2⁻²⁴.
  private func halfPrecision(_ value: Float) -> Float {
    guard value.isFinite, value != 0 else { return value }
    let step = Float(sign: .plus, exponent: max(Int(value.exponent), -14) - 10, significand: 1)
    let rounded = (value / step).rounded(.toNearestOrEven) * step
    return abs(rounded) > 65_504 ? (value < 0 ? -.infinity : .infinity) : rounded
  }

  /// Rounds to 8 significant bits.
  private func brainPrecision(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    let bits = value.bitPattern
    let bias = 0x7fff + ((bits >> 16) & 1)
    return Float(bitPattern: (bits &+ bias) & 0xffff_0000)
  }
}
