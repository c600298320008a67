import Explorer
import KerasFiles
import Neural
import Synchronization

/// Files of models, as the command opens and lists them.
enum ModelFiles {
  /// What a file holds.
  struct Opened: Sendable {
    var path: String
    var documents: [Document]
    /// The model that the file is about, or the one that was asked for.
    var current: Int
    /// What is worth saying about the file.
    var remarks: [String]
    /// The state of the file when it was read.
    var stamp: FileStamp
    /// The weights of that model, where the file has them; not read yet.
    var stored: StoredWeights?

    /// How many numbers the optimizer keeps beside the weights; `nil` for a model that a file does
    /// not say how to train.
    ///
    /// Keras makes them when it opens a compiled model, and its table counts them in.
    var optimizerNumbers: Count? {
      guard stored != nil else { return nil }
      return documents[current].model.optimizerNumbers(documents[current].analysis)
    }

    /// The weights of that model, read; `nil` where the file has none.
    ///
    /// - Throws: `Failure` where they cannot be read, or take more memory than allowed.
    func loadedWeights(limit: MemoryLimit) throws(Failure) -> ModelWeights? {
      do throws(FileError) {
        return try stored?.loaded(limit: limit)
      } catch {
        throw Failure(error.description)
      }
    }
  }

  /// Reads a file and applies what was asked for.
  ///
  /// - Throws: `Failure` where the file cannot be opened or has no such model or axis.
  static func open(_ path: String, _ options: ModelOptions) async throws(Failure) -> Opened {
    do throws(FileError) {
      let file = try await ModelFile.open(path, settings: options.variables)
      let current = try index(in: file, path, options)
      var documents: [Document] = []
      for (index, entry) in file.models.enumerated() {
        var model = entry.model
        do throws(EditError) {
          model = try options.applied(to: model)
        } catch {
          if index == current { throw FileError(path, error.message) }
        }
        documents.append(
          Document(model, path: path, label: entry.variable ?? "", stored: entry.stored))
      }
      return Opened(
        path: path, documents: documents, current: current, remarks: file.remarks,
        stamp: file.stamp, stored: file.models[current].stored)
    } catch {
      throw Failure(error.description)
    }
  }
}

extension ModelFiles {
  /// The model of a file that was asked for, else the one that the file is about.
  ///
  /// - Throws: `FileError` where the file has no such model.
  static func index(
    in file: ModelFile, _ path: String, _ options: ModelOptions
  ) throws(FileError) -> Int {
    guard let name = options.model else { return file.main }
    if let index = file.index(of: name) { return index }
    let names = file.models.map { $0.variable ?? $0.model.name }
    let near = nearest(to: name, in: names).map { "; did you mean \($0)?" }
    throw FileError(
      path, "no model is called \(name)" + (near ?? ""),
      remedy: "the models are \(names.joined(separator: ", "))")
  }
}

/// The files that were read or written, with the state they were in: a file that somebody else
/// changes meanwhile is not overwritten silently.
final class OpenFiles: Sendable {
  /// What is known of a file.
  private struct Known {
    var stamp: FileStamp
    /// Whether what stands in it was written here, so that nothing is lost by writing it anew.
    var isOurs: Bool
  }

  private let files = Mutex<[String: Known]>([:])

  /// Notes the state of a file that was read.
  func remember(_ path: String, _ stamp: FileStamp) {
    files.withLock { $0[path] = Known(stamp: stamp, isOurs: false) }
  }

  /// Saves a model with the weights of its document, and tells how it went.
  ///
  /// Reads the file that the document was opened from, where weights are its.
  func save(
    _ model: Model, of document: Document, to path: String, overwrite: Bool, thenQuit: Bool
  ) -> Message {
    let path = ModelFiles.expandingHome(path)
    let known = files.withLock { $0[path] }
    do throws(FileError) {
      let contents =
        Document.keepsWeights(path)
        ? try ModelContents(model, of: document, for: path) : ModelContents(model)
      let saved = try ModelFile.save(
        contents, to: path, knownAs: known?.stamp, overwrite: overwrite,
        keepsScript: known?.isOurs != true)
      files.withLock { $0[path] = Known(stamp: saved.stamp, isOurs: true) }
      return .saved(
        model: model, path: path,
        note: saved.backup.map { "the model only: your script is kept as \($0)" },
        thenQuit: thenQuit)
    } catch {
      if error.isConflict {
        return .conflict(path: path, problem: error.message, thenQuit: thenQuit)
      }
      return .saveFailed(error.description)
    }
  }

  /// Opens another file and tells how it went.
  func reopen(_ path: String, _ options: ModelOptions) async -> Message {
    var options = options
    let path = ModelFiles.expandingHome(path)
    // What was asked for on the command line was meant for the first file.
    (options.model, options.batch, options.timesteps) = (nil, nil, nil)
    do throws(Failure) {
      let opened = try await ModelFiles.open(path, options)
      remember(path, opened.stamp)
      return .opened(
        models: opened.documents, current: opened.current, remarks: opened.remarks)
    } catch {
      return .openFailed(error.message)
    }
  }
}
