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
    let bytes: [UInt8]
    switch suffix(of: path) {
    case "json": bytes = Array(KerasConfig.write(contents.model).utf8)
    case "py": bytes = Array(PythonWriter.script(for: contents.model).utf8)
    case "keras": bytes = try KerasArchive.write(completed(contents, path), path: path)
    case "h5": bytes = try LegacyArchive.write(completed(contents, path), path: path)
    default: throw unknownSuffix(path, "saved")
    }
    return try save(
      bytes, to: path, knownAs: known, overwrite: overwrite, keepsScript: keepsScript)
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
    try save(
      Array(script.utf8), to: path, knownAs: known, overwrite: overwrite, keepsScript: keepsScript)
  }

  private static func save(
    _ bytes: [UInt8], to path: String, knownAs known: FileStamp?, overwrite: Bool,
    keepsScript: Bool
  ) throws(FileError) -> Saved {
    let file = AtomicFile()
    var expectation: AtomicFile.Expectation =
      overwrite ? .anything : known.map { .unchanged($0) } ?? .nothing
    var backup: String?
    if keepsScript, suffix(of: path) == "py", let old = try? FileContents.read(path),
      old.bytes != bytes
    {
      if case .unchanged(let stamp) = expectation, stamp != old.stamp {
        // The write below says what is wrong; nothing is kept for nothing.
      } else if expectation != .nothing {
        backup = try keep(old.bytes, of: path, file)
        expectation = .unchanged(old.stamp)
      }
    }
    do throws(FileError) {
      let stamp = try file.write(bytes, to: path, expecting: expectation)
      return Saved(stamp: stamp, backup: backup)
    } catch {
      if let backup { file.discard(backup) }
      throw error
    }
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
