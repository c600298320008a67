import Neural
import OrderedCollections

/// A file of models: opened and saved by its suffix.
public struct ModelFile: Sendable {
  /// A model of the file.
  public struct Entry: Sendable {
    /// What a script calls it; `nil` for a config, and where a script gives it no variable.
    public var variable: String?
    /// The model.
    public var model: Model
    /// Its weights, where the file has them; read when they are needed.
    public var stored: StoredWeights?
    /// How it is trained, where the file says: the arguments of `compile`.
    public var compileConfig: ConfigValue?
  }

  /// The models in the order of the file; at least one.
  public var models: [Entry]
  /// The index of the one that the file is about.
  public var main: Int
  /// What is worth saying about the file, with line and column, a line each.
  public var remarks: [String]
  /// The state of the file when it was read.
  public var stamp: FileStamp

  /// The index of the model with this variable, name or number; `nil` where there is none.
  public func index(of name: String) -> Int? {
    models.lastIndex { $0.variable == name } ?? models.lastIndex { $0.model.name == name }
      ?? Int(name).flatMap { models.indices.contains($0) ? $0 : nil }
  }

  /// The suffixes that can be opened and saved.
  public static let suffixes = ["py", "json", "keras", "h5"]

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file; its suffix says what it is.
  ///   - settings: what a person says of a script's variables, as Python literals.
  /// - Returns: the models and what is worth saying about them.
  /// - Throws: `FileError` where it cannot be read or is no model.
  public static func open(
    _ path: String, settings: OrderedDictionary<String, String> = [:]
  ) async throws(FileError) -> ModelFile {
    let file = try OpenedFile(path)
    switch suffix(of: path) {
    case "json":
      let contents = try file.contents(limit: FileContents.sizeLimit)
      let model = try KerasConfig.read(contents.bytes, path: path)
      return ModelFile(
        models: [Entry(model: model, compileConfig: model.extra["compile_config"])], main: 0,
        remarks: [], stamp: contents.stamp)
    case "keras":
      let (model, stored) = try KerasArchive.read(file)
      return ModelFile(
        models: [
          Entry(model: model, stored: stored, compileConfig: model.extra["compile_config"])
        ], main: 0, remarks: [], stamp: file.stamp)
    case "h5":
      let (model, stored) = try LegacyArchive.read(file)
      return ModelFile(
        models: [
          Entry(model: model, stored: stored, compileConfig: model.extra["compile_config"])
        ], main: 0, remarks: [], stamp: file.stamp)
    case "py":
      let contents = try file.contents(limit: FileContents.sizeLimit)
      let script: PythonScript
      do throws(ScriptError) {
        script = try await PythonScript(reading: contents.bytes, settings: settings)
      } catch {
        throw FileError(
          path, error.message, remedy: error.remedy, line: error.location?.line,
          column: error.location?.column)
      }
      return ModelFile(
        models: script.models.map { one in
          Entry(
            variable: one.variable, model: one.model,
            compileConfig: one.compileArguments.isEmpty ? nil : .object(one.compileArguments))
        },
        main: script.main,
        remarks: script.warnings.map { "\(path):\($0.location): \($0.message)" },
        stamp: contents.stamp)
    default:
      throw unknownSuffix(path, "opened")
    }
  }

  static func suffix(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  static func unknownSuffix(_ path: String, _ verb: String) -> FileError {
    FileError(
      path, "only .keras and .h5 models, .py scripts and .json configs can be \(verb)",
      remedy: verb == "saved"
        ? "end the name in .keras, .h5, .py or .json"
        : "in Keras, model.save(\"model.keras\") writes one")
  }
}
