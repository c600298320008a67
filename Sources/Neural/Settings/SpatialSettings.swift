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
