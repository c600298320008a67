import OrderedCollections

/// A layer as it stands in a model: with the name, the training flag and the precision that
/// every Keras layer has.
public struct NamedLayer: Sendable {
  /// The name, unique in its model.
  public var name: String
  /// Whether training changes the layer's weights.
  public var trainable: Bool
  /// The precision policy: `float32`, `mixed_float16`; an object of a file is kept as it is.
  public var dtype: ConfigValue
  /// The layer itself.
  public var layer: any Layer {
    get { storage.layer }
    set { storage = Storage(newValue) }
  }
  /// Shared by copies, so that telling "nothing changed" costs one comparison of addresses.
  private var storage: Storage
  /// What a file's config says beyond the settings we know, kept for saving.
  public var extra: OrderedDictionary<String, ConfigValue>

  /// A layer under a name.
  public init(
    _ name: String, _ layer: any Layer, trainable: Bool = true, dtype: ConfigValue = "float32",
    extra: OrderedDictionary<String, ConfigValue> = [:]
  ) {
    self.name = name
    storage = Storage(layer)
    self.trainable = trainable
    self.dtype = dtype
    self.extra = extra
  }

  private final class Storage: Sendable {
    let layer: any Layer
    init(_ layer: any Layer) { self.layer = layer }
  }

  /// The class as Keras writes it.
  public var className: String { layer.className }

  /// Bytes that one number of a weight takes: policies such as `mixed_float16` keep their
  /// weights in 32 bits.
  public var bytesPerNumber: Int {
    let policy = dtype.stringValue ?? dtype["config"]?["name"]?.stringValue ?? "float32"
    switch policy {
    case "float64", "int64", "uint64": return 8
    case "float16", "bfloat16", "int16", "uint16": return 2
    case "int8", "uint8", "bool", "float8_e4m3fn", "float8_e5m2": return 1
    default: return 4
    }
  }
}

extension NamedLayer: Hashable {
  /// Whether name, flags, class and every setting are equal.
  public static func == (lhs: NamedLayer, rhs: NamedLayer) -> Bool {
    lhs.name == rhs.name && lhs.computesLike(rhs) && lhs.dtype == rhs.dtype
      && lhs.extra == rhs.extra
  }

  /// Whether the two layers have the same class, settings and training flag, whatever their names.
  public func computesLike(_ other: NamedLayer) -> Bool {
    trainable == other.trainable && dtype == other.dtype
      && (storage === other.storage || layer.isEqual(to: other.layer))
  }

  /// Hashes the name and the layer.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(layer)
  }
}

extension Layer {
  /// The class as Keras writes it.
  public var className: String { Self.className }

  /// Whether this is an operation such as `Squeeze`, not a layer.
  public var isOperation: Bool { Self.isOperation }

  /// Whether `other` has the same class and settings.
  public func isEqual(to other: any Layer) -> Bool {
    (other as? Self) == self
  }

  /// What is known of the settings, in the order of Keras' constructor.
  public static var settingInfos: [SettingInfo] { settings.map(\.info) }

  /// What is known of the settings, in the order of Keras' constructor.
  public var settingInfos: [SettingInfo] { Self.settingInfos }

  /// The value of the setting `key`; `nil` where the layer has no such setting.
  public func value(of key: String) -> ConfigValue? {
    Self.settings.first { $0.info.key == key }?.read(self)
  }

  /// Changes the setting `key`.
  ///
  /// - Throws: `SettingError` where the layer has no such setting or it does not accept `value`.
  public mutating func set(_ key: String, to value: ConfigValue) throws(SettingError) {
    guard let setting = Self.settings.first(where: { $0.info.key == key }) else {
      let near = nearest(to: key, in: Self.settings.map(\.info.key))
      throw SettingError(
        "\(Self.className) has no setting '\(key)'" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    do {
      try setting.write(&self, value)
    } catch {
      throw SettingError("\(key): \(error.message)")
    }
  }

  /// The layer with one setting changed.
  ///
  /// - Throws: `SettingError` where the layer has no such setting or it does not accept `value`.
  public func setting(_ key: String, to value: ConfigValue) throws(SettingError) -> Self {
    var copy = self
    try copy.set(key, to: value)
    return copy
  }
}
