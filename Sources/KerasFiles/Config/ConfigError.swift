/// What is wrong with a Keras configuration.
struct ConfigError: Error, Hashable {
  /// What was found and what was expected; names the layer.
  var message: String
  /// What to do about it.
  var remedy: String

  init(_ message: String, remedy: String = "") {
    self.message = message
    self.remedy = remedy
  }

  /// The same fault, said to be of the layer `name`.
  func of(_ name: String) -> ConfigError {
    ConfigError("\(name): \(message)", remedy: remedy)
  }
}
