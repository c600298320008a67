import OrderedCollections

/// A family of small Keras objects that settings name: initializers, regularizers, constraints.
public protocol KerasObjectFamily: Sendable {
  /// The module that Keras' files write: `keras.initializers`.
  static var module: String { get }
  /// The family's name in messages: `initializer`.
  static var noun: String { get }
  /// Class name → its parameters with their defaults, in Keras' order.
  static var classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> { get }
  /// Other names that Keras accepts → class name.
  static var aliases: [String: String] { get }
  /// Whether names are found whatever their capitals.
  static var ignoresCase: Bool { get }
}

extension KerasObjectFamily {
  /// `false`.
  public static var ignoresCase: Bool { false }
}

/// An initializer, regularizer or constraint: a class and its parameters.
public struct KerasObject<Family: KerasObjectFamily>: Hashable, Sendable {
  /// The class: `GlorotUniform`.
  public var className: String
  /// The parameters, as the configuration has them.
  public var config: OrderedDictionary<String, ConfigValue>
  /// The wrapper of an object that is not in the catalog, kept as it was read.
  public var original: ConfigValue?

  /// The object of a known class with its default parameters; `nil` where there is no such class.
  ///
  /// - Parameter name: a class name or one of the names that Keras accepts for it.
  public init?(named name: String) {
    guard let className = Self.className(for: name), let defaults = Family.classes[className]
    else { return nil }
    self.className = className
    config = defaults
  }

  /// An object of a class of the catalog with all its parameters.
  init(known className: String) {
    self.className = className
    config = Family.classes[className] ?? [:]
  }

  /// An object that the catalog does not have, kept as it was read.
  init(unknown className: String, original: ConfigValue) {
    self.className = className
    config = original["config"]?.objectValue ?? [:]
    self.original = original
  }

  /// The class that a name such as `glorot_uniform` stands for.
  public static func className(for name: String) -> String? {
    if Family.classes[name] != nil { return name }
    if let alias = Family.aliases[name] { return alias }
    if let known = Family.classes.keys.first(where: { snakeCase($0) == name }) { return known }
    guard Family.ignoresCase else { return nil }
    return Family.classes.keys.first { $0.lowercased() == name.lowercased() }
  }

  /// The name as people write it: `glorot_uniform`.
  public var shortName: String {
    original == nil ? snakeCase(className) : className
  }

  /// Whether every parameter has its default value, so that the name alone says it all.
  public var isDefault: Bool {
    original == nil && Family.classes[className] == config
  }
}

extension KerasObject: SettingValue {
  /// Reads a name (`"zeros"`) or an object with `class_name` and `config`.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    if let name = configValue.stringValue {
      guard let known = Self(named: name) else {
        let names = Family.classes.keys.map(snakeCase) + Array(Family.classes.keys)
        let near = nearest(to: name, in: names)
        throw SettingError(
          "no \(Family.noun) is called '\(name)'" + (near.map { "; did you mean \($0)?" } ?? ""))
      }
      self = known
      return
    }
    guard let name = configValue["class_name"]?.stringValue else {
      throw SettingError(
        "expected the name of an \(Family.noun), found \(configValue.shortDescription)")
    }
    if let className = Self.className(for: name), configValue["registered_name"]?.stringValue == nil
    {
      self.init(known: className)
      for (key, value) in configValue["config"]?.objectValue ?? [:] { config[key] = value }
    } else {
      self.init(unknown: name, original: configValue)
    }
  }

  /// The object as Keras 3 writes it.
  public var configValue: ConfigValue {
    if let original { return original }
    return [
      "module": .string(Family.module), "class_name": .string(className),
      "config": .object(config), "registered_name": nil,
    ]
  }
}

/// The class as Python names it, which is not always what Keras offers and files say.
public func pythonClassName(_ name: String) -> String {
  name == "GroupQueryAttention" ? "GroupedQueryAttention" : name
}

/// How Keras turns a class name into a layer name: `MaxPooling1D` → `max_pooling1d`.
///
/// Source: `keras/src/utils/naming.py` (`to_snake_case`).
public func snakeCase(_ name: String) -> String {
  let characters = Array(pythonClassName(name)).filter { $0.isLetter || $0.isNumber || $0 == "_" }
  var out = ""
  for (index, character) in characters.enumerated() {
    if character.isUppercase, index > 0 {
      let previous = characters[index - 1]
      let next = index + 1 < characters.count ? characters[index + 1] : nil
      let startsWord = next.map { $0.isLowercase } ?? false
      if previous.isLowercase || (startsWord && previous != "_") { out.append("_") }
    }
    out.append(contentsOf: character.lowercased())
  }
  return out
}
