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

    /// All that the file holds of the model, for a file that is to hold as much.
    ///
    /// - Parameter limit: how much memory each of its parts may take.
    /// - Returns: the model with its compile config, weights, optimizer, and what nobody here knows.
    /// - Throws: `FileError` where it would take more than allowed, or cannot be read.
    public func contents(limit: MemoryLimit = .standard) throws(FileError) -> ModelContents {
      var model = model
      if model.compileConfig == nil, let config = compileConfig?.asCompileConfig {
        model.extra["compile_config"] = config
      }
      guard let stored else { return ModelContents(model) }
      return try stored.contents(of: model, limit: limit)
    }
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
        models: [Entry(model: model, compileConfig: model.compileConfig)], main: 0,
        remarks: [], stamp: contents.stamp)
    case "keras", "h5":
      let entry = try archive(file)
      return ModelFile(
        models: [entry], main: 0, remarks: entry.stored?.remarks ?? [], stamp: file.stamp)
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

  /// The model of a file that holds weights, too.
  ///
  /// - Throws: `FileError` where it cannot be read or is no such file.
  static func archive(_ file: OpenedFile) throws(FileError) -> Entry {
    let suffix = suffix(of: file.path)
    guard suffix == "keras" || suffix == "h5" else { throw unknownSuffix(file.path, "opened") }
    // What it is counts, not its name: before TensorFlow 2.12 a .keras file was HDF5, too.
    let start = file.firstBytes(4)
    let isLegacy = start == HDF5.signature || suffix == "h5" && start != KerasArchive.signature
    let (model, stored) = try isLegacy ? LegacyArchive.read(file) : KerasArchive.read(file)
    return Entry(model: model, stored: stored, compileConfig: model.compileConfig)
  }

  /// The suffix of a name without its dot, in small letters; `hdf5` counts as `h5`, as in Keras.
  static func suffix(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    let suffix = name[name.index(after: dot)...].lowercased()
    return suffix == "hdf5" ? "h5" : suffix
  }

  static func unknownSuffix(_ path: String, _ verb: String) -> FileError {
    FileError(
      path, "only .keras and .h5 models, .py scripts and .json configs can be \(verb)",
      remedy: verb == "saved"
        ? "end the name in .keras, .h5, .py or .json"
        : "in Keras, model.save(\"model.keras\") writes one")
  }
}
