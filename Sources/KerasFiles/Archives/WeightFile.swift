import Neural

/// A file of a model's weights alone, opened and saved by its suffix: `.weights.h5`, which
/// `model.save_weights` of Keras writes, or `.npz`.
public enum WeightFile {
  /// The suffix that Keras asks for.
  public static let suffix = ".weights.h5"

  /// Whether the name of a file says that it holds weights alone.
  public static func isNamed(_ path: String) -> Bool {
    path.lowercased().hasSuffix(suffix) || ModelFile.suffix(of: path) == "npz"
  }

  /// Saves the weights of a model, all or nothing.
  ///
  /// - Parameters:
  ///   - contents: the model with its weights; what its optimizer has noted goes into
  ///     `.weights.h5`, too.
  ///   - path: the file; what stands there is replaced.
  /// - Throws: `FileError` where the suffix is of no kind that holds weights, weights are missing,
  ///   or the file cannot be saved; what stood there before is intact then.
  public static func save(_ contents: ModelContents, to path: String) throws(FileError) {
    guard isNamed(path) else { throw unknown(path, "end the name in \(suffix) or .npz") }
    guard path.lowercased().hasSuffix(suffix) else {
      return try WeightArrays.save(contents.weights, of: contents.model, to: path)
    }
    _ = try AtomicFile().write(to: path, expecting: .anything) { sink in
      try HDF5Writer.file(WeightArchive.items(contents)) { try sink.write($0) }
    }
  }

  /// The weights that a file holds for a model.
  ///
  /// - Parameters:
  ///   - path: a `.weights.h5` or `.npz` file, or a `.keras` or `.h5` file of a model with equal
  ///     layers.
  ///   - model: the model that needs them.
  ///   - limit: how much memory they may take.
  /// - Returns: the model with a weight for each that it needs, and its optimizer where the file
  ///   has one.
  /// - Throws: `FileError` where it cannot be read, or its weights do not fit the model.
  public static func open(
    _ path: String, for model: Model, limit: MemoryLimit = .standard
  ) throws(FileError) -> ModelContents {
    if ModelFile.suffix(of: path) == "h5" {
      let stored = try stored(path, for: model)
      return ModelContents(
        model, weights: try stored.loaded(limit: limit),
        optimizer: try stored.optimizerVariables(limit: limit))
    }
    let (source, stored): (Model, StoredWeights)
    switch ModelFile.suffix(of: path) {
    case "npz":
      return ModelContents(
        model, weights: try WeightArrays.open(path, for: model, limit: limit))
    case "keras": (source, stored) = try KerasArchive.read(OpenedFile(path))
    default: throw unknown(path, "name a .keras, .h5, \(suffix) or .npz file")
    }
    let weights = try stored.loaded(limit: limit)
    return ModelContents(
      model, weights: try weights.moved(from: source, to: model, path),
      optimizer: try stored.optimizerVariables(limit: limit))
  }

  /// The weights in an `.h5` file, of a whole model or alone, of which nothing is read yet.
  ///
  /// - Throws: `FileError` where it is missing, damaged, or holds the weights of another model.
  static func stored(_ path: String, for model: Model) throws(FileError) -> StoredWeights {
    try LegacyArchive.weights(OpenedFile(path), for: model)
  }

  private static func unknown(_ path: String, _ remedy: String) -> FileError {
    FileError(path, "is no file of weights", remedy: remedy)
  }
}

extension ModelWeights {
  /// The weights of one model as those of another with equal layers: by their order.
  fileprivate func moved(
    from source: Model, to model: Model, _ path: String
  ) throws(FileError) -> ModelWeights {
    let analysis = Analysis(of: model)
    let sources = KerasOrder(source).layers.filter { self[$0].count > 0 }
    let targets = KerasOrder(model).layers.filter { !(analysis.weights[$0] ?? []).isEmpty }
    guard sources.count == targets.count else {
      throw FileError(
        path, "has \(sources.count) layers with weights, the model has \(targets.count)",
        remedy: "are these weights of another model?")
    }
    var result = ModelWeights()
    for (from, to) in zip(sources, targets) {
      let specs = analysis.weights[to] ?? []
      guard self[from].tensors.map(\.sizes) == specs.map(\.shape) else {
        throw FileError(
          path,
          "the weights of \(model.layers[to]?.name ?? "a layer") have other sizes than the model's",
          remedy: "are these weights of another model?")
      }
      result.layers[to] = self[from]
    }
    return result
  }
}
