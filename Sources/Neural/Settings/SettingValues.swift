extension Int: SettingValue {
  /// Reads a whole number within the bounds of `kind`.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let bounds: ClosedRange<Int>
    switch kind {
    case .integer(let range), .optionalInteger(let range): bounds = range
    default: bounds = -largestSize...largestSize
    }
    guard let value = configValue.intValue else {
      throw SettingError("expected a whole number, found \(configValue.shortDescription)")
    }
    guard bounds.contains(value) else {
      throw SettingError(
        value < bounds.lowerBound
          ? "expected at least \(bounds.lowerBound), found \(value)"
          : "expected at most \(bounds.upperBound), found \(value)")
    }
    self = value
  }

  /// The number.
  public var configValue: ConfigValue { .int(self) }
}

extension Double: SettingValue {
  /// Reads a number within the bounds of `kind`.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    guard let value = configValue.doubleValue else {
      throw SettingError("expected a number, found \(configValue.shortDescription)")
    }
    if case .number(let bounds) = kind, !bounds.contains(value) {
      throw SettingError(
        bounds.upperBound.isFinite
          ? "expected \(bounds.lowerBound.pythonDescription) to "
            + "\(bounds.upperBound.pythonDescription), found \(value.pythonDescription)"
          : "expected at least \(bounds.lowerBound.pythonDescription), "
            + "found \(value.pythonDescription)")
    }
    self = value
  }

  /// The number.
  public var configValue: ConfigValue { .double(self) }
}

extension Bool: SettingValue {
  /// Reads a truth value; 0 and 1 stand for one, as in Python.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    switch configValue {
    case .bool(let value): self = value
    case .int(0): self = false
    case .int(1): self = true
    default:
      throw SettingError("expected true or false, found \(configValue.shortDescription)")
    }
  }

  /// The truth value.
  public var configValue: ConfigValue { .bool(self) }
}

extension String: SettingValue {
  /// Reads a text; where `kind` lists choices, one of them.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    guard let text = configValue.stringValue else {
      throw SettingError("expected a text, found \(configValue.shortDescription)")
    }
    self = text
  }

  /// The text.
  public var configValue: ConfigValue { .string(self) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
  /// Reads a value, or none from `null`.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    if configValue.isNull {
      self = nil
    } else {
      self = try Wrapped(configValue: configValue, kind: kind)
    }
  }

  /// The value; `null` where there is none.
  public var configValue: ConfigValue { self?.configValue ?? .null }
}

extension Array: SettingValue where Element: SettingValue {
  /// Reads a list; one value stands for a list of it, repeated where `kind` has a rank.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let values = configValue.listValue ?? [configValue]
    guard values.count <= 64 else {
      throw SettingError("expected at most 64 numbers, found \(values.count)")
    }
    var elementKind = kind
    if case .window = kind { elementKind = .integer(1...largestSize) }
    var elements: [Element] = []
    for value in values {
      elements.append(try Element(configValue: value, kind: elementKind))
    }
    if case .window(let rank) = kind {
      if configValue.listValue == nil, let only = elements.first {
        elements = Array(repeating: only, count: rank)
      }
      guard elements.count == rank else {
        let numbers = rank == 1 ? "1 number" : "\(rank) numbers"
        throw SettingError("expected \(numbers), found \(elements.count)")
      }
    }
    self = elements
  }

  /// The list.
  public var configValue: ConfigValue { .list(map(\.configValue)) }
}

extension ConfigValue: SettingValue {
  /// Takes the value as it is.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    self = configValue
  }

  /// The value itself.
  public var configValue: ConfigValue { self }

  /// The value for a message: cut where it is long.
  public var shortDescription: String {
    let text = description
    return text.count > 60 ? text.prefix(59) + "…" : text
  }
}

/// A setting with a fixed set of texts: an enumeration of them.
public protocol SettingChoice: SettingValue, CaseIterable, Hashable, RawRepresentable
where RawValue == String {}

extension SettingChoice {
  /// The texts to choose from, in the order of the cases.
  public static var choices: [String] { allCases.map(\.rawValue) }

  /// Reads one of the choices; `None` among them is read from `null`.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let text = configValue.isNull ? "None" : configValue.stringValue
    guard let text, let value = Self(rawValue: text) else {
      let near = text.flatMap { nearest(to: $0, in: Self.choices) }
      throw SettingError(
        "expected one of \(Self.choices.joined(separator: ", ")), "
          + "found \(configValue.shortDescription)"
          + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    self = value
  }

  /// The text; `null` for `None`.
  public var configValue: ConfigValue { rawValue == "None" ? .null : .string(rawValue) }
}
