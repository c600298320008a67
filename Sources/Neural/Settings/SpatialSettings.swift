/// Where the channels of an image or a sequence stand.
package enum DataFormat: String, SettingChoice {
  /// (batch, …, channels): Keras' default.
  case channelsLast = "channels_last"
  /// (batch, channels, …).
  case channelsFirst = "channels_first"

  /// Reads the name in any case; `null` stands for Keras' default.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    if configValue.isNull {
      self = .channelsLast
      return
    }
    self = try Self.choice(named: configValue)
  }

  /// The axes a window slides over, for a layer of `rank` spatial axes.
  func spatialAxes(rank: Int) -> Range<Int> {
    self == .channelsLast ? 1..<(1 + rank) : 2..<(2 + rank)
  }

  /// The channel axis, for a layer of `rank` spatial axes.
  func channelAxis(rank: Int) -> Int { self == .channelsLast ? rank + 1 : 1 }

  /// What the axes of images (4) and volumes (5) mean; `nil` for another number of axes.
  func spatialRoles(rank: Int) -> [AxisRole]? {
    guard rank == 4 || rank == 5 else { return nil }
    // What the outermost axis of a volume is nobody knows: depth, or time.
    let spatial: [AxisRole] = (rank == 5 ? [.other] : []) + [.height, .width]
    return self == .channelsLast
      ? [.batch] + spatial + [.channels] : [.batch, .channels] + spatial
  }
}

/// What the axes of an input of 4 axes mean to layers for images.
func imageRoles(rank: Int, _ format: DataFormat) -> [AxisRole]? {
  rank == 4 ? format.spatialRoles(rank: 4) : nil
}

/// The axes of an input for a message: `batch, depth, height, width, channels`.
func axisNames(_ roles: [AxisRole]) -> String {
  roles.map { $0 == .other ? "depth" : $0.rawValue }.joined(separator: ", ")
}

/// What a window does at the borders of its input.
package enum Padding: String, SettingChoice {
  /// It stays inside: the output shrinks.
  case valid
  /// Zeros are added on both sides, so that the size stays (divided by the stride).
  case same

  /// Reads the name in any case.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    self = try Self.choice(named: configValue)
  }
}

/// What the window of a sequence convolution does at the borders.
package enum CausalPadding: String, SettingChoice {
  /// It stays inside: the output shrinks.
  case valid
  /// Zeros are added on both sides.
  case same
  /// Zeros are added before the first timestep: an output never sees later ones.
  case causal

  /// Reads the name in any case.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    self = try Self.choice(named: configValue)
  }
}

extension SettingChoice {
  /// Reads one of the choices, whatever its case.
  fileprivate static func choice(named value: ConfigValue) throws(SettingError) -> Self {
    if let text = value.stringValue, let choice = Self(rawValue: text.lowercased()) {
      return choice
    }
    let near = value.stringValue.flatMap { nearest(to: $0, in: Self.choices) }
    throw SettingError(
      "expected one of \(choices.joined(separator: ", ")), found \(value.shortDescription)"
        + (near.map { "; did you mean \($0)?" } ?? ""))
  }
}

extension Setting where Subject: Layer {
  /// A setting with a part for each spatial axis; one part that is no list stands for all axes.
  ///
  /// - Parameters:
  ///   - key: Keras' key.
  ///   - path: where the layer keeps it.
  ///   - kind: what it is in a form.
  ///   - parts: what each part accepts.
  ///   - rank: how many spatial axes there are.
  ///   - help: what it does, in one line.
  init<Part: SettingValue>(
    _ key: String, _ path: WritableKeyPath<Subject, [Part]> & Sendable, _ kind: SettingKind,
    parts: SettingKind = .value, rank: Int, help: String
  ) {
    self.init(key, path, kind, help: help) { value throws(SettingError) in
      try [Part](eachOf: rank, configValue: value, parts)
    }
  }

  /// A setting with a part for each spatial axis, or none.
  init<Part: SettingValue>(
    _ key: String, _ path: WritableKeyPath<Subject, [Part]?> & Sendable, _ kind: SettingKind,
    parts: SettingKind = .value, rank: Int, help: String
  ) {
    self.init(key, path, kind, help: help) { value throws(SettingError) in
      value.isNull ? nil : try [Part](eachOf: rank, configValue: value, parts)
    }
  }

  private init<Value: SettingValue>(
    _ key: String, _ path: WritableKeyPath<Subject, Value> & Sendable, _ kind: SettingKind,
    help: String, read: @escaping @Sendable (ConfigValue) throws(SettingError) -> Value
  ) {
    let plain = Setting(key, path, kind, help: help)
    self.init(info: plain.info, read: plain.read) {
      (layer: inout Subject, value: ConfigValue) throws(SettingError) in
      layer[keyPath: path] = try read(value)
    }
  }
}

extension Array where Element: SettingValue {
  /// Reads a list of `rank` parts, or a part that stands for as many.
  fileprivate init(
    eachOf rank: Int, configValue: ConfigValue, _ kind: SettingKind
  ) throws(SettingError) {
    let values = configValue.listValue ?? Array<ConfigValue>(repeating: configValue, count: rank)
    guard values.count == rank else {
      throw SettingError(
        "expected one value, or a list of \(rank), found \(configValue.shortDescription)")
    }
    self = []
    for value in values { append(try Element(configValue: value, kind: kind)) }
  }
}
