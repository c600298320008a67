import KerasFiles
import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A model on its way from one file to another.
struct Conversion {
  private let input: String
  private let output: String
  private let limit: MemoryLimit
  private let force: Bool
  /// The state of the file that stands at `output`; `nil`: there is none.
  private let known: FileStamp?

  private let entry: ModelFile.Entry
  private let model: Model
  private let seed: UInt64
  /// The file that the weights are from; `nil`: there are none.
  private let weightsPath: String?
  /// The weights that were named, where they are not the model's own.
  private let named: ModelContents?

  /// What is worth saying, a line each.
  private(set) var remarks: [String]

  /// Opens a model, and the weights that are named for it.
  ///
  /// - Parameters:
  ///   - input: the model's file.
  ///   - output: the file that is to be written.
  ///   - options: what is said of the model.
  ///   - weights: a file with weights that go along instead of the model's own.
  ///   - limit: how much memory the weights may take.
  ///   - force: whether what stands at `output` may be lost.
  /// - Throws: `Failure` where a file cannot be read, does not fit, or no file can be written under
  ///   that name.
  init(
    from input: String, to output: String, _ options: ModelOptions, weights: String?,
    limit: MemoryLimit, force: Bool
  ) async throws(Failure) {
    (self.input, self.output, self.limit, self.force) = (input, output, limit, force)
    seed = options.seed
    try Self.checkSuffix(output)
    guard !input.lowercased().hasSuffix(WeightFile.suffix) else {
      throw Failure(
        "\(input): holds weights alone; name the model: unroll convert MODEL OUT --weights \(input)"
      )
    }
    known = try Self.stamp(of: output)
    do throws(FileError) {
      let file = try await ModelFile.open(input, settings: options.variables)
      let index = try ModelFiles.index(in: file, input, options)
      remarks = file.remarks
      if file.models.count > 1, options.model == nil {
        let names = file.models.map { $0.variable ?? $0.model.name }
        remarks.append(
          "\(input): \(names[index]) goes along, one of \(names.count) models "
            + "(\(names.joined(separator: ", "))); --model NAME chooses another")
      }
      var entry = file.models[index]
      do throws(EditError) {
        entry.model = try options.applied(to: entry.model)
      } catch {
        throw FileError(input, error.message)
      }
      self.entry = entry
      model = entry.model
      try Self.check(model, input)
      named = try weights.map { (path) throws(FileError) in
        try WeightFile.open(path, for: entry.model, limit: limit)
      }
      weightsPath = weights ?? (entry.stored == nil ? nil : input)
    } catch {
      throw Failure(error.description)
    }
  }

  /// The state of the file that stands at a path; `nil`: there is none.
  private static func stamp(of path: String) throws(Failure) -> FileStamp? {
    guard access(path, F_OK) == 0 else { return nil }
    do throws(FileError) {
      // A script is kept where it is overwritten: it must be readable.
      return path.lowercased().hasSuffix(".py")
        ? try FileContents.read(path).stamp : try OpenedFile(path).stamp
    } catch {
      throw Failure("\(path): could not be overwritten: \(error.message)")
    }
  }

  /// Checks that a suffix says what is to be written.
  private static func checkSuffix(_ path: String) throws(Failure) {
    do throws(FileError) {
      try ModelFile.checkSavable(path)
    } catch {
      let suffixes = ModelFile.suffixes + ["npz"]
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let suffix = name.split(separator: ".").last.map(String.init) ?? ""
      let near = name.contains(".") ? nearest(to: suffix, in: suffixes) : nil
      throw Failure(
        "\(path): \(error.message); " + (near.map { "did you mean .\($0)? " } ?? "end the name in ")
          + (near == nil
            ? ".keras, .h5, .py or .json, or in .weights.h5 or .npz for the weights alone"
            : "(.keras, .h5, .py, .json; .weights.h5 and .npz for the weights alone)"))
    }
  }

  /// A layer that does not fit is bad input; one whose shapes only its code knows goes along as it
  /// is.
  private static func check(_ model: Model, _ input: String) throws(FileError) {
    let analysis = Analysis(of: model)
    guard let (node, error) = analysis.firstError, let layer = model.layer(of: node),
      let first = model.inputs.first, analysis.shape(of: first) != nil,
      !(layer.layer is Lambda), !(layer.layer is OpaqueLayer), !(layer.layer is OpaqueOperation)
    else { return }
    throw FileError(input, "\(layer.name): \(error.message)", remedy: error.remedy)
  }

  /// All that goes along into a file with weights.
  ///
  /// - Throws: `FileError` where weights cannot be read or made.
  private mutating func contents() throws(FileError) -> ModelContents {
    var contents = try entry.contents(limit: limit)
    if let named { (contents.weights, contents.optimizer) = (named.weights, named.optimizer) }
    let analysis = Analysis(of: model)
    let numbers = analysis.total.total
    guard weightsPath == nil, numbers > 0, analysis.firstError == nil else { return contents }
    guard numbers * 4 <= Count(limit.bytes) else {
      throw FileError(
        input,
        "the weights would take \((numbers * 4).grouped) bytes, allowed are "
          + Count(limit.bytes).grouped, remedy: "use fewer units, or allow more with --memory")
    }
    do throws(PassError) {
      contents.weights = try ModelWeights(initializing: model, analysis, seed: seed)
    } catch {
      throw FileError(input, error.message, remedy: error.remedy)
    }
    remarks.append("no weights in \(name(of: input)): initialised with seed \(seed)")
    return contents
  }

  // MARK: Writing

  /// Writes the model.
  ///
  /// - Throws: `Failure` where it cannot be written; what stood there before is intact then.
  mutating func write() async throws(Failure) {
    do throws(FileError) {
      let suffix = output.lowercased().split(separator: ".").last ?? ""
      if ["py", "json"].contains(suffix) { return try writeModel(isScript: suffix == "py") }
      if WeightFile.isNamed(output) {
        guard weightsPath != nil else {
          throw FileError(
            input, "has no weights to write",
            remedy: "--weights FILE names some, and unroll fit FILE --save OUT trains some")
        }
        try WeightFile.save(try contents(), to: output)
        remarks.append("\(output): the weights alone: a .keras file holds the model, too")
      } else {
        try await writeWhole(try contents())
      }
    } catch {
      throw Failure(error.description)
    }
  }

  /// Writes a model with its weights.
  private mutating func writeWhole(_ contents: ModelContents) async throws(FileError) {
    let backup = try await keepWeights(contents.weights)
    do throws(FileError) {
      _ = try ModelFile.save(contents, to: output, knownAs: known, overwrite: force)
    } catch {
      if let backup { unlink(backup) }
      throw error
    }
    if let backup {
      remarks.append("\(output): the weights that stood there are kept as \(backup)")
    }
  }

  /// Writes a script or a config: the model alone.
  private mutating func writeModel(isScript: Bool) throws(FileError) {
    // The compile config goes along; no weight is read.
    var bare = entry
    bare.stored = nil
    let model = try bare.contents().model
    let saved = try ModelFile.save(
      ModelContents(model), to: output, knownAs: known, overwrite: force, keepsScript: !force)
    note(saved)
    if weightsPath != nil {
      remarks.append("\(output): the model without its weights: a .keras file holds both")
    }
    if isScript { noteMissingCode(PythonWriter.script(for: model)) }
  }

  /// Writes a script that trains the model.
  ///
  /// - Parameter data: the files of its inputs and targets; empty: whoever runs it names them.
  /// - Throws: `Failure` where it cannot be written; what stood there before is intact then.
  mutating func writeTraining(_ data: [String]) throws(Failure) {
    do throws(FileError) {
      if let path = weightsPath, path.lowercased().hasSuffix(".npz") {
        throw FileError(
          path, "Keras reads no weights from .npz", remedy: "name a .keras or .weights.h5 file")
      }
      let files = try TrainingFiles(data, for: model)
      remarks += files.remarks
      let hasOptimizer = named.map { !$0.optimizer.isEmpty } ?? entry.stored?.hasOptimizer ?? false
      let script = TrainingScript(
        model, path: output, compileConfig: model.compileConfig ?? entry.compileConfig,
        start: weightsPath.map { .init(weights: $0, hasOptimizer: hasOptimizer) },
        data: data, targetSizes: files.targetSizes)
      let saved = try ModelFile.save(
        script: script.source, to: output, knownAs: known, overwrite: force, keepsScript: !force)
      note(saved)
      remarks += script.remarks.map { "\(output): \($0)" }
      noteMissingCode(script.source)
    } catch {
      throw Failure(error.description)
    }
  }

  /// Keeps a file of weights that first values are to take the place of: they may be trained.
  ///
  /// - Returns: where it is kept; `nil` where nothing would be lost.
  private func keepWeights(_ new: ModelWeights) async throws(FileError) -> String? {
    guard known != nil, weightsPath == nil, !force else { return nil }
    do throws(FileError) {
      let old = try await ModelFile.open(output)
      let weights = try old.models[old.main].stored?.loaded(limit: limit) ?? ModelWeights()
      if tensors(weights, old.models[old.main].model) == tensors(new, model) { return nil }
    } catch {
      // What cannot be read may be worth keeping all the same.
    }
    guard let target = realpath(output, nil) else { return nil }
    defer { free(target) }
    for number in 1...99 {
      let name = String(cString: target) + (number == 1 ? "~" : ".~\(number)~")
      // A second name: the file that takes the first one is another.
      if link(target, name) == 0 { return name }
      guard errno == EEXIST else { break }
    }
    throw FileError(
      output, "may hold trained weights, \(name(of: input)) has none, and it cannot be kept",
      remedy: "write another file, or overwrite it with --force")
  }

  private func tensors(_ weights: ModelWeights, _ model: Model) -> [Tensor] {
    model.layers.keys.flatMap { weights[$0].tensors }
  }

  private mutating func note(_ saved: ModelFile.Saved) {
    guard let backup = saved.backup else { return }
    remarks.append("\(output): the script that stood there is kept as \(backup)")
  }

  /// What is code in a model does not stand in its file: a script leaves a place for it.
  private mutating func noteMissingCode(_ script: String) {
    guard script.contains("raise NotImplementedError(") else { return }
    remarks.append(
      "\(output): the code of some layers is not in \(name(of: input)): "
        + "the script says where to write it (NotImplementedError)")
  }

  private func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
