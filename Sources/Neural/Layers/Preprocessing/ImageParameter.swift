/// A setting of a layer that changes images at random.
package struct ImageParameter: Sendable {
  /// What such a setting takes, and how Keras keeps it.
  enum Kind: Sendable {
    /// A number within bounds.
    case number(ClosedRange<Double>)
    /// A number, or none.
    case optionalNumber
    /// The range that a factor is drawn from, kept as two numbers.
    case factor(ClosedRange<Int>, from: Start)
    /// Such a range kept as it is given: one number, or two; or none.
    case keptFactor(ClosedRange<Int>, isOptional: Bool)
    /// Angles as shares: one number for −f to f, or two of them.
    case shear
    /// Two numbers: the least and the largest that images have.
    case range
    /// An odd number for rows and columns, or one for each; kept as two.
    case kernel
    /// A whole number of 1 or more.
    case size
    /// One of these texts.
    case choice([String])
    /// Where the channels stand.
    case format
    /// The seed of what is random.
    case seed
    /// A text, or none.
    case optionalText
  }

  /// Where a range begins that one number f stands for.
  enum Start: Sendable {
    /// At −f, or the least that is allowed.
    case negativeOrLeast
    /// At −f.
    case negative
    /// At 0.
    case zero
  }

  let key: String
  let kind: Kind
  let info: SettingInfo
  /// The value where nobody says otherwise, as the layer keeps it.
  var defaultValue: ConfigValue { info.defaultValue }

  /// A setting.
  ///
  /// - Parameters:
  ///   - key: Keras' key.
  ///   - value: Keras' default, or a small usual value.
  ///   - kind: what it takes.
  ///   - isRequired: whether Keras has no default for it.
  ///   - isPositional: whether it may stand in a call without its keyword.
  ///   - help: what it does, in one line.
  init(
    _ key: String, _ value: ConfigValue, _ kind: Kind, isRequired: Bool = false,
    isPositional: Bool = true, help: String
  ) {
    self.key = key
    self.kind = kind
    info = SettingInfo(
      key: key, kind: kind.settingKind, defaultValue: (try? kind.read(value)) ?? value,
      isRequired: isRequired, help: help, isPositional: isPositional)
  }
}

extension ImageParameter.Kind {
  /// What forms and the help say of it.
  fileprivate var settingKind: SettingKind {
    switch self {
    case .number(let bounds): .number(bounds)
    case .size: .integer(1...largestSize)
    case .choice(let texts): .choice(texts)
    case .format: .choice(DataFormat.choices)
    case .seed: .optionalInteger(0...largestSize)
    default: .value
    }
  }

  /// Reads a value.
  ///
  /// - Returns: the value as Keras keeps it.
  /// - Throws: `SettingError` that says what was found and what is accepted.
  func read(_ value: ConfigValue) throws(SettingError) -> ConfigValue {
    switch self {
    case .number(let bounds):
      return try Double(configValue: value, kind: .number(bounds)).configValue
    case .optionalNumber:
      if value.isNull { return .null }
      return try Double(configValue: value, kind: .value).configValue
    case .factor(let bounds, let start): return try factor(value, bounds, start)
    case .keptFactor(let bounds, let isOptional):
      if isOptional, value.isNull { return .null }
      _ = try factor(value, bounds, .negativeOrLeast)
      return value
    case .shear: return try shear(value)
    case .range: return .list(try pair(value))
    case .kernel: return try kernel(value)
    case .size: return .int(try Int(configValue: value, kind: .integer(1...largestSize)))
    case .choice(let texts): return try choice(value, texts)
    case .format: return try DataFormat(configValue: value, kind: .value).configValue
    case .seed:
      return try Int?(configValue: value, kind: .optionalInteger(0...largestSize)).configValue
    case .optionalText:
      return value.isNull ? .null : .string(try String(configValue: value, kind: .value))
    }
  }

  /// Two numbers in rising order.
  private func pair(_ value: ConfigValue) throws(SettingError) -> [ConfigValue] {
    guard let values = value.listValue, values.count == 2, let first = values[0].doubleValue,
      let last = values[1].doubleValue, first.isFinite, last.isFinite
    else { throw SettingError("expected two numbers, found \(value.shortDescription)") }
    return first <= last ? values : values.reversed()
  }

  /// The range that a factor is drawn from.
  ///
  /// Source: `_set_factor` in `base_image_preprocessing_layer.py` and its variants.
  private func factor(
    _ value: ConfigValue, _ bounds: ClosedRange<Int>, _ start: ImageParameter.Start
  ) throws(SettingError) -> ConfigValue {
    let (least, most) = (Double(bounds.lowerBound), Double(bounds.upperBound))
    let text = "\(bounds.lowerBound) to \(bounds.upperBound)"
    guard value.listValue == nil else {
      let pair = try pair(value)
      guard let first = pair[0].doubleValue, let last = pair[1].doubleValue, first <= most,
        last >= least
      else { throw SettingError("expected two of \(text), found \(value.shortDescription)") }
      return .list(pair)
    }
    guard let number = value.doubleValue, number >= least, number <= most else {
      throw SettingError("expected a number from \(text), or two, found \(value.shortDescription)")
    }
    let upper = absolute(value)
    switch start {
    case .zero: return [0, upper]
    case .negative: return [negative(upper), upper]
    case .negativeOrLeast:
      return [-abs(number) >= least ? negative(upper) : .int(bounds.lowerBound), upper]
    }
  }

  /// A range around 0 as the one number that stands for it, which is all that Keras reads of it.
  private func shear(_ value: ConfigValue) throws(SettingError) -> ConfigValue {
    if let values = value.listValue, values.count == 2, let last = values[1].doubleValue,
      values[0].doubleValue == -last
    {
      return try shear(values[1])
    }
    _ = try factor(value, 0...1, .negative)
    return value
  }

  private func absolute(_ value: ConfigValue) -> ConfigValue {
    if case .int(let number) = value { return .int(abs(number)) }
    return value.doubleValue.map { .double(abs($0)) } ?? value
  }

  private func negative(_ value: ConfigValue) -> ConfigValue {
    if case .int(let number) = value { return .int(-number) }
    return value.doubleValue.map { .double(-$0) } ?? value
  }

  private func kernel(_ value: ConfigValue) throws(SettingError) -> ConfigValue {
    let sizes = try [Int](configValue: value, kind: .window(rank: 2))
    guard sizes.allSatisfy({ $0 % 2 == 1 }) else {
      throw SettingError("expected odd numbers, found \(value.shortDescription)")
    }
    return sizes.configValue
  }

  private func choice(_ value: ConfigValue, _ texts: [String]) throws(SettingError) -> ConfigValue {
    let text = try String(configValue: value, kind: .value)
    guard texts.contains(text) else {
      let near = nearest(to: text, in: texts)
      throw SettingError(
        "expected one of \(texts.joined(separator: ", ")), found '\(text)'"
          + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    return .string(text)
  }
}

extension ImageParameter {
  /// How much at most, as a share or a range of shares.
  static func factor(
    _ value: ConfigValue, _ bounds: ClosedRange<Int>, isRequired: Bool = true, help: String
  ) -> ImageParameter {
    ImageParameter(
      "factor", value, .factor(bounds, from: .negativeOrLeast), isRequired: isRequired, help: help)
  }

  /// The numbers that images have.
  static var valueRange: ImageParameter {
    ImageParameter("value_range", [0, 255], .range, help: "the numbers that images have")
  }

  /// The seed of what is random.
  static var seed: ImageParameter {
    ImageParameter("seed", nil, .seed, help: "seed of the random choice")
  }

  /// Where the channels stand.
  static func format(isPositional: Bool = true) -> ImageParameter {
    ImageParameter(
      "data_format", nil, .format, isPositional: isPositional, help: "where the channels stand")
  }

  /// What Keras' layers for images take besides.
  static var boxes: ImageParameter {
    ImageParameter(
      "bounding_box_format", nil, .optionalText, isPositional: false,
      help: "how boxes around objects are written")
  }

  /// What stands where an image has moved away.
  static func fillMode(_ more: [String] = []) -> ImageParameter {
    ImageParameter(
      "fill_mode", "reflect", .choice(["reflect", "wrap", "constant", "nearest"] + more),
      help: "what stands where the image has moved away")
  }

  /// The number for that.
  static var fillValue: ImageParameter {
    ImageParameter(
      "fill_value", 0.0, .number(-Double.infinity...Double.infinity),
      help: "the number for fill_mode constant")
  }

  /// How new numbers come from their neighbours.
  static var interpolation: ImageParameter {
    ImageParameter(
      "interpolation", "bilinear", .choice(["nearest", "bilinear"]),
      help: "how new numbers come from their neighbours")
  }
}
