import Neural

/// Keras' configuration of a model, as `model.to_json()` writes it.
///
/// Reads that of Keras 3 and of Keras 2 and tf.keras; writes that of Keras 3.15. Classes that
/// are not known become opaque layers. Nothing in a configuration is executed or opened.
public enum KerasConfig {
  /// Reads a model.
  ///
  /// - Parameters:
  ///   - text: The configuration as JSON text in UTF-8.
  ///   - path: The file's name, for messages.
  /// - Returns: The model; layers that do not fit their inputs are told by its analysis.
  /// - Throws: `FileError` where the text is not JSON or not a model.
  public static func read(_ text: [UInt8], path: String) throws(FileError) -> Model {
    let value: ConfigValue
    do throws(JSONError) {
      value = try JSONReader.read(text)
    } catch {
      throw FileError(
        path, error.message, remedy: error.remedy, line: error.line, column: error.column)
    }
    do throws(ConfigError) {
      return try model(from: value)
    } catch {
      throw FileError(path, error.message, remedy: error.remedy)
    }
  }

  static func model(from value: ConfigValue) throws(ConfigError) -> Model {
    try ModelReader(value).model()
  }

  /// The configuration of a model.
  public static func config(of model: Model) -> ConfigValue {
    ModelWriter(model).object()
  }

  /// A model's configuration as the text of a file.
  ///
  /// - Returns: JSON, two blanks a level, with a line break at its end.
  public static func write(_ model: Model) -> String {
    JSONWriter.write(config(of: model), indent: 2) + "\n"
  }
}
