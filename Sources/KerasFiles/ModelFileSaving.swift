import Neural

extension ModelFile {
  /// What was saved.
  public struct Saved: Sendable {
    /// The state of the new file.
    public var stamp: FileStamp
    /// Where the script that stood there before is now; `nil` where there was none.
    public var backup: String?
  }

  /// Saves a model by the suffix of its path, all or nothing.
  ///
  /// A model says less than a script: what else stood in a script that is overwritten (data,
  /// training, comments) is kept beside it, under the name with a `~` behind it.
  ///
  /// - Parameters:
  ///   - contents: the model, and what else the kind of file holds of it.
  ///   - path: the file.
  ///   - known: the state that the file had when it was opened or last saved; `nil` for a file
  ///     that was neither.
  ///   - overwrite: whether to save whatever stands there.
  ///   - keepsScript: whether a script that stands there is kept.
  /// - Returns: the new state of the file, and where an old script is.
  /// - Throws: `FileError` where anything fails; the old bytes are intact then.
  public static func save(
    _ contents: ModelContents, to path: String, knownAs known: FileStamp?,
    overwrite: Bool = false, keepsScript: Bool = true
  ) throws(FileError) -> Saved {
    switch suffix(of: path) {
    case "json":
      let model = contents.model.sayingAdaptedState(keepsWeights: false)
      let bytes = Array(KerasConfig.write(model).utf8)
      return try save(bytes, to: path, knownAs: known, overwrite: overwrite)
    case "py":
      let model = contents.model.sayingAdaptedState(keepsWeights: false)
      return try save(
        script: PythonWriter.script(for: model), to: path, knownAs: known,
        overwrite: overwrite, keepsScript: keepsScript)
    case "keras":
      let whole = try completed(contents, path)
      return try save(to: path, knownAs: known, overwrite: overwrite) {
        try KerasArchive.write(whole, to: $0)
      }
    case "h5":
      var whole = try completed(contents, path)
      whole.model = whole.model.sayingAdaptedState(keepsWeights: true)
      return try save(to: path, knownAs: known, overwrite: overwrite) {
        try LegacyArchive.write(whole, to: $0)
      }
    default: throw unknownSuffix(path, "saved")
    }
  }

  /// Saves a script for a model, all or nothing; a script that stands there is kept in the same way.
  ///
  /// - Parameters:
  ///   - script: Python source.
  ///   - path: the file.
  ///   - known: the state that the file had when it was looked at; `nil` where there was none.
  ///   - overwrite: whether to save whatever stands there.
  ///   - keepsScript: whether a script that stands there is kept.
  /// - Returns: the new state of the file, and where an old script is.
  /// - Throws: `FileError` where anything fails; the old bytes are intact then.
  public static func save(
    script: String, to path: String, knownAs known: FileStamp?, overwrite: Bool = false,
    keepsScript: Bool = true
  ) throws(FileError) -> Saved {
    let bytes = Array(script.utf8)
    guard keepsScript, suffix(of: path) == "py", let old = try? FileContents.read(path),
      old.bytes != bytes
    else { return try save(bytes, to: path, knownAs: known, overwrite: overwrite) }
    let expectation = expectation(known, overwrite)
    // Where the write below says what is wrong, nothing is kept for nothing.
    if expectation == .nothing || expectation.isBroken(by: old.stamp) {
      return try save(bytes, to: path, knownAs: known, overwrite: overwrite)
    }
    let file = AtomicFile()
    let backup = try keep(old.bytes, of: path, file)
    do throws(FileError) {
      let stamp = try file.write(bytes, to: path, expecting: .unchanged(old.stamp))
      return Saved(stamp: stamp, backup: backup)
    } catch {
      file.discard(backup)
      throw error
    }
  }

  private static func save(
    _ bytes: [UInt8], to path: String, knownAs known: FileStamp?, overwrite: Bool
  ) throws(FileError) -> Saved {
    try save(to: path, knownAs: known, overwrite: overwrite) { try $0.write(bytes) }
  }

  private static func save(
    to path: String, knownAs known: FileStamp?, overwrite: Bool,
    filledBy fill: (any ByteSink) throws -> Void
  ) throws(FileError) -> Saved {
    let stamp = try AtomicFile().write(
      to: path, expecting: expectation(known, overwrite), filledBy: fill)
    return Saved(stamp: stamp)
  }

  /// What may stand at the path.
  private static func expectation(
    _ known: FileStamp?, _ overwrite: Bool
  ) -> AtomicFile.Expectation {
    overwrite ? .anything : known.map { .unchanged($0) } ?? .nothing
  }

  /// The weights with first values for those that are missing or of other sizes.
  private static func completed(
    _ contents: ModelContents, _ path: String
  ) throws(FileError) -> ModelContents {
    let model = contents.model
    let analysis = Analysis(of: model)
    for node in model.nodes.values {
      guard let error = analysis.reports[node.id]?.error, let layer = model.layers[node.layer],
        !isHandedOn(layer.layer)
      else { continue }
      throw FileError(
        path, "could not be saved: \(layer.name): \(error.message)", remedy: error.remedy)
    }
    do throws(PassError) {
      var result = contents
      result.weights = try ModelWeights(
        initializing: model, analysis, seed: 0, keeping: contents.weights)
      return result
    } catch {
      throw FileError(path, "could not be saved: \(error.message)", remedy: error.remedy)
    }
  }

  /// Whether a layer is saved as its file had it although its shapes are not known: what only its
  /// own code tells, or an input that has none yet.
  private static func isHandedOn(_ layer: any Layer) -> Bool {
    switch layer {
    case is any OpaqueNode, is Lambda: true
    case let input as InputLayer: input.batchShape == nil
    case let submodel as Submodel: submodel.model.layers.values.contains { isHandedOn($0.layer) }
    case let wrapper as any WrapperLayer:
      isHandedOn(wrapper.inner.layer) || (wrapper.backward.map { isHandedOn($0.layer) } ?? false)
    default: false
    }
  }

  /// Writes the bytes of an old script beside it, under a name that is free.
  private static func keep(
    _ bytes: [UInt8], of path: String, _ file: AtomicFile
  ) throws(FileError) -> String {
    for number in 1...99 {
      let name = number == 1 ? path + "~" : "\(path).~\(number)~"
      do throws(FileError) {
        _ = try file.write(bytes, to: name, expecting: .nothing)
        return name
      } catch {
        if !error.isConflict { throw error }
      }
    }
    throw FileError(path, "has 99 older versions beside it", remedy: "delete some of them")
  }
}

extension AtomicFile.Expectation {
  /// Whether a file in this state is not what may stand there.
  fileprivate func isBroken(by stamp: FileStamp) -> Bool {
    if case .unchanged(let known) = self { return known != stamp }
    return false
  }
}
