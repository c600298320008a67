import OrderedCollections

/// A value of a Keras configuration: what JSON can say, with whole numbers told from others
/// and the order of keys kept.
public indirect enum ConfigValue: Hashable, Sendable {
  /// `null`, Python's `None`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A number with a fraction, or one that is not finite.
  case double(Double)
  /// A text.
  case string(String)
  /// A list (or tuple).
  case list([ConfigValue])
  /// An object (or dictionary), its keys in the order of the file.
  case object(OrderedDictionary<String, ConfigValue>)
}

extension ConfigValue {
  /// The value under `key`, where this is an object that has it.
  public subscript(key: String) -> ConfigValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The whole number; also of a number such as `3.0`.
  public var intValue: Int? {
    switch self {
    case .int(let value): value
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number.
  public var doubleValue: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The text.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The truth value.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The list.
  public var listValue: [ConfigValue]? {
    if case .list(let values) = self { values } else { nil }
  }

  /// The object.
  public var objectValue: OrderedDictionary<String, ConfigValue>? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Whether this is `null`.
  public var isNull: Bool { self == .null }
}

extension ConfigValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A number with a fraction.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// A list.
  public init(arrayLiteral elements: ConfigValue...) { self = .list(elements) }
  /// An object; of two equal keys the last one wins, as in Python.
  public init(dictionaryLiteral elements: (String, ConfigValue)...) {
    self = .object(OrderedDictionary(elements, uniquingKeysWith: { $1 }))
  }
}

extension ConfigValue: CustomStringConvertible {
  /// The value as Python writes it: `None`, `True`, `'tanh'`, `(3, 3)` as `[3, 3]`.
  public var description: String {
    switch self {
    case .null: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): String(value)
    case .double(let value): value.pythonDescription
    case .string(let value): "'\(value)'"
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "'\($0)': \($1)" }.joined(separator: ", ") + "}"
    }
  }
}

extension Double {
  /// The number as Python's `repr` writes it: shortest digits that read back the same,
  /// `1e-05` with two exponent digits, `inf` and `nan`.
  public var pythonDescription: String {
    if isNaN { return "nan" }
    if isInfinite { return self < 0 ? "-inf" : "inf" }
    let text = "\(self)"
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = String(text[..<mark])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    guard let exponent = Int(text[text.index(after: mark)...]) else { return text }
    let digits = String(abs(exponent))
    return mantissa + (exponent < 0 ? "e-" : "e+") + (digits.count < 2 ? "0" + digits : digits)
  }
}
