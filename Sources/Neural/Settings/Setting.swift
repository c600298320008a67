/// What a setting accepts: drives checks, the edit form and the help.
public enum SettingKind: Hashable, Sendable {
  /// A whole number within bounds.
  case integer(ClosedRange<Int>)
  /// A whole number within bounds, or none.
  case optionalInteger(ClosedRange<Int>)
  /// A number within bounds.
  case number(ClosedRange<Double>)
  /// `true` or `false`.
  case boolean
  /// One of these texts; `None` among them stands for Keras' `None`.
  case choice([String])
  /// An activation, by name.
  case activation
  /// A weight initializer, by name or as an object.
  case initializer
  /// A regularizer, by name or as an object, or none.
  case regularizer
  /// A weight constraint, by name or as an object, or none.
  case constraint
  /// As many whole numbers, each at least 1, as the layer has spatial axes; one number stands
  /// for all of them.
  case window(rank: Int)
  /// An axis, counted from 0 or from −1 backwards, or several of them.
  case axes
  /// Whole numbers in order, as in a shape.
  case sizes
  /// Another layer.
  case layer
  /// Any value of a configuration.
  case value
}

/// Why a setting does not accept a value.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found and what was expected, in one line.
  public var message: String

  /// An error with this message.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}

/// What is known of a setting without a layer at hand.
public struct SettingInfo: Hashable, Sendable {
  /// Keras' key: `return_sequences`.
  public var key: String
  /// What it accepts.
  public var kind: SettingKind
  /// The value where nobody says otherwise, as a configuration has it.
  public var defaultValue: ConfigValue
  /// Whether Keras asks for it: it has no default there.
  public var isRequired: Bool
  /// What it does, in one line.
  public var help: String
  /// Whether it may stand in a call without its keyword, at its place in the list.
  public var isPositional: Bool
}

/// One setting of a layer: its Keras key, what it accepts, and how to read and write it.
///
/// A layer lists its settings once, in the order of Keras' constructor; the list drives the
/// Keras config, the `.py` keyword arguments, the edit form and the help.
public struct Setting<Subject: Sendable>: Sendable {
  /// What is known of it without a layer.
  public var info: SettingInfo
  let read: @Sendable (Subject) -> ConfigValue
  let write: @Sendable (inout Subject, ConfigValue) throws(SettingError) -> Void
}

/// A value that can stand in a configuration.
public protocol SettingValue: Sendable {
  /// Reads the value, checking that it is one that `kind` accepts.
  ///
  /// - Throws: `SettingError` that says what was found and what is accepted.
  init(configValue: ConfigValue, kind: SettingKind) throws(SettingError)

  /// The value as a configuration has it.
  var configValue: ConfigValue { get }
}

extension Setting where Subject: Layer {
  /// A setting that is stored at `path`; its default is what `Subject()` has there.
  ///
  /// - Parameters:
  ///   - key: Keras' key.
  ///   - path: where the layer keeps it.
  ///   - kind: what it accepts.
  ///   - isRequired: whether Keras has no default for it.
  ///   - isPositional: whether it may stand in a call without its keyword.
  ///   - help: what it does, in one line.
  public init<Value: SettingValue>(
    _ key: String, _ path: WritableKeyPath<Subject, Value> & Sendable, _ kind: SettingKind,
    isRequired: Bool = false, isPositional: Bool = true, help: String
  ) {
    info = SettingInfo(
      key: key, kind: kind, defaultValue: Subject()[keyPath: path].configValue,
      isRequired: isRequired, help: help, isPositional: isPositional)
    read = { $0[keyPath: path].configValue }
    write = { (layer: inout Subject, value: ConfigValue) throws(SettingError) in
      layer[keyPath: path] = try Value(configValue: value, kind: kind)
    }
  }

  /// A setting that is a layer of its own: shown here by its class, changed through its own
  /// settings, built by whoever reads a file.
  ///
  /// - Parameters:
  ///   - key: Keras' key.
  ///   - layer: where the wrapper keeps it.
  ///   - isRequired: whether Keras has no default for it.
  ///   - help: what it does, in one line.
  public init(
    layer key: String, _ layer: @escaping @Sendable (Subject) -> NamedLayer?,
    isRequired: Bool = false, help: String
  ) {
    info = SettingInfo(
      key: key, kind: .layer, defaultValue: .null, isRequired: isRequired, help: help,
      isPositional: true)
    read = { layer($0).map { .string($0.className) } ?? .null }
    write = { (_: inout Subject, _: ConfigValue) throws(SettingError) in
      throw SettingError("change the settings of the inner layer instead")
    }
  }

  /// A setting that is a list of layers, each shown by its class.
  ///
  /// - Parameters:
  ///   - key: Keras' key.
  ///   - layers: where the layer keeps them.
  ///   - isRequired: whether Keras has no default for it.
  ///   - help: what it does, in one line.
  package init(
    layers key: String, _ layers: @escaping @Sendable (Subject) -> [NamedLayer],
    isRequired: Bool = false, help: String
  ) {
    self.init(layer: key, { _ in nil }, isRequired: isRequired, help: help)
    self = Setting(
      info: info, read: { .list(layers($0).map { .string($0.className) }) }, write: write)
  }

  /// The setting as one of a layer that keeps this one inside.
  ///
  /// - Parameter path: where it keeps it.
  /// - Returns: the setting, with the same key and defaults.
  func inside<Outer: Layer>(
    _ path: WritableKeyPath<Outer, Subject> & Sendable
  ) -> Setting<Outer> {
    Setting<Outer>(
      info: info, read: { [read] in read($0[keyPath: path]) },
      write: { [write] (layer: inout Outer, value: ConfigValue) throws(SettingError) in
        try write(&layer[keyPath: path], value)
      })
  }
}
