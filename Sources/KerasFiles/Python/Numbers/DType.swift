/// The type of an array's elements, by NumPy's names.
enum DType: String, CaseIterable {
  case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case float16, float32, float64
  case string = "str"
  case object

  /// How the elements are kept.
  enum Kind { case int, float, object }

  /// How the elements are kept: truth values are 0 and 1.
  var kind: Kind {
    switch self {
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: .int
    case .float16, .float32, .float64: .float
    case .string, .object: .object
    }
  }

  var name: String { rawValue }
  var isBool: Bool { self == .bool }
  var isFloat: Bool { kind == .float }
  var isNumber: Bool { kind != .object }
  /// Whether it is a whole number; a truth value is none.
  var isInteger: Bool { kind == .int && self != .bool }
  var isUnsigned: Bool { [.uint8, .uint16, .uint32, .uint64].contains(self) }

  /// Bytes of an element.
  var itemSize: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    default: 8
    }
  }

  /// NumPy's letter for the kind of type.
  var kindCode: String {
    switch self {
    case .bool: "b"
    case .string: "U"
    case .object: "O"
    default: isFloat ? "f" : isUnsigned ? "u" : "i"
    }
  }

  /// The type of a name: `float32`, `int`, `<f4`, `i8`.
  init?(named text: String) {
    let text = text.first.map { "<>=|".contains($0) } ?? false ? String(text.dropFirst()) : text
    if let known = DType(rawValue: text) {
      self = known
      return
    }
    switch text {
    case "float", "double", "f8", "d", "floating", "float_", "longdouble": self = .float64
    case "single", "f4", "f", "bfloat16": self = .float32
    case "half", "f2", "e": self = .float16
    case "int", "long", "longlong", "intp", "integer", "i8", "l", "q", "int_": self = .int64
    case "intc", "i4", "i": self = .int32
    case "short", "i2", "h": self = .int16
    case "byte", "i1": self = .int8
    case "uint", "ulong", "ulonglong", "uintp", "u8": self = .uint64
    case "uintc", "u4": self = .uint32
    case "ushort", "u2": self = .uint16
    case "ubyte", "u1", "B": self = .uint8
    case "bool_", "b1", "?": self = .bool
    case "O", "object_": self = .object
    case "str_", "U", "unicode": self = .string
    default:
      guard text.hasPrefix("U"), text.dropFirst().allSatisfy(\.isNumber) else { return nil }
      self = .string
    }
  }

  // MARK: Conversions

  /// A whole number as the type keeps it: what does not fit wraps round.
  func wrapped(_ value: Int) -> Int {
    switch self {
    case .bool: value == 0 ? 0 : 1
    case .int8: Int(Int8(truncatingIfNeeded: value))
    case .int16: Int(Int16(truncatingIfNeeded: value))
    case .int32: Int(Int32(truncatingIfNeeded: value))
    case .uint8: Int(UInt8(truncatingIfNeeded: value))
    case .uint16: Int(UInt16(truncatingIfNeeded: value))
    case .uint32: Int(UInt32(truncatingIfNeeded: value))
    default: value
    }
  }

  /// A number as the type keeps it.
  func rounded(_ value: Double) -> Double {
    switch self {
    case .float32: Double(Float(value))
    case .float16: DType.half(value)
    default: value
    }
  }

  /// A number rounded to 16 bits.
  private static func half(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return value }
    // 11 bits of significand; below 2^-14 the step stays 2^-24.
    let exponent = max(Int(value.exponent), -14)
    let step = Double(sign: .plus, exponent: exponent - 10, significand: 1)
    let rounded = (value / step).rounded(.toNearestOrEven) * step
    return rounded.magnitude > 65504 ? (value < 0 ? -Double.infinity : .infinity) : rounded
  }

  /// A float as a whole number of this type, cut towards zero.
  func integer(_ value: Double) -> Int {
    if self == .bool { return value == 0 ? 0 : 1 }
    let whole = value.rounded(.towardZero)
    if let exact = Int(exactly: whole) { return wrapped(exact) }
    if self == .uint64, let exact = UInt64(exactly: whole) { return Int(truncatingIfNeeded: exact) }
    return self == .int64 || self == .uint64 ? .min : 0
  }

  /// The least and the greatest whole number of the type.
  var bounds: ClosedRange<Int> {
    switch self {
    case .bool: 0...1
    case .int8: -128...127
    case .int16: -32768...32767
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .uint8: 0...255
    case .uint16: 0...65535
    case .uint32: 0...Int(UInt32.max)
    case .uint64: 0...Int.max
    default: Int.min...Int.max
    }
  }

  // MARK: Promotion

  /// The type that holds what both hold: `numpy.promote_types`.
  static func promoted(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    if a == .object || b == .object { return .object }
    if a == .string || b == .string { return .string }
    if a == .bool { return b }
    if b == .bool { return a }
    if a.isFloat || b.isFloat {
      let least = max(a.floatRank, b.floatRank)
      return least == 0 ? .float16 : least == 1 ? .float32 : .float64
    }
    if a.isUnsigned == b.isUnsigned { return a.itemSize >= b.itemSize ? a : b }
    let (signed, unsigned) = a.isUnsigned ? (b, a) : (a, b)
    if signed.itemSize > unsigned.itemSize { return signed }
    switch unsigned {
    case .uint8: return .int16
    case .uint16: return .int32
    case .uint32: return .int64
    default: return .float64
    }
  }

  /// 0, 1 or 2: the float type that holds the numbers of this one.
  private var floatRank: Int {
    switch self {
    case .bool, .int8, .uint8, .float16: 0
    case .int16, .uint16, .float32: 1
    default: 2
    }
  }

  /// The type of `exp` and its like applied to numbers of this one.
  var floating: DType {
    isFloat ? self : [.float16, .float32, .float64][floatRank]
  }
}
