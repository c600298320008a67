import Neural

/// The files that a script or a training saves and opens, by suffix.
public enum ScriptFiles {
  /// Saves a model with its weights, or as much of it as the kind of file holds.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - weights: its weights.
  ///   - path: the file: `.keras` takes both, `.weights.h5` and `.npz` the weights alone, `.json`
  ///     and `.py` the model alone.
  /// - Returns: what the file holds where that is not all, such as `the weights alone`.
  /// - Throws: `FileError` where the suffix is of no kind that can be saved, or saving fails.
  @discardableResult
  public static func save(
    _ model: Model, _ weights: ModelWeights, to path: String
  ) throws(FileError) -> String? {
    try checkSuffix(path)
    if isWeightFile(path) {
      try saveWeights(of: model, weights, to: path)
      return "the weights alone"
    }
    _ = try ModelFile.save(
      ModelContents(model, weights: weights), to: path, knownAs: nil, overwrite: true)
    return ["keras", "h5"].contains(ModelFile.suffix(of: path))
      ? nil : "the model without its weights: a .keras file holds both"
  }

  /// Saves the weights of a model alone.
  ///
  /// - Throws: `FileError` where the suffix is of no kind that holds weights, or saving fails.
  public static func saveWeights(
    of model: Model, _ weights: ModelWeights, to path: String
  ) throws(FileError) {
    if path.lowercased().hasSuffix(WeightFile.suffix) {
      try WeightFile.save(weights, of: model, to: path)
    } else if ModelFile.suffix(of: path) == "npz" {
      try WeightArrays.save(weights, of: model, to: path)
    } else {
      throw FileError(
        path, "is no file of weights", remedy: "end the name in \(WeightFile.suffix) or .npz")
    }
  }

  /// Checks that a model can be saved under a name, before it is trained for hours.
  ///
  /// - Throws: `FileError` where the suffix is of no kind that can be saved.
  public static func checkSuffix(_ path: String) throws(FileError) {
    let suffix = ModelFile.suffix(of: path)
    guard !isWeightFile(path), !ModelFile.suffixes.contains(suffix) else { return }
    throw FileError(
      path, suffix.isEmpty ? "has no suffix" : ".\(suffix) files cannot be saved",
      remedy: "end the name in .keras, or in \(WeightFile.suffix) or .npz for the weights alone")
  }

  private static func isWeightFile(_ path: String) -> Bool {
    path.lowercased().hasSuffix(WeightFile.suffix) || ModelFile.suffix(of: path) == "npz"
  }

  /// The weights that a file holds for a model.
  ///
  /// - Parameters:
  ///   - path: a `.keras`, `.weights.h5` or `.npz` file.
  ///   - model: the model that needs them.
  ///   - limit: how much memory they may take.
  /// - Returns: a weight for each that the model needs.
  /// - Throws: `FileError` where it cannot be read, or its weights do not fit the model.
  public static func weights(
    _ path: String, for model: Model, limit: MemoryLimit = .standard
  ) throws(FileError) -> ModelWeights {
    if path.lowercased().hasSuffix(WeightFile.suffix) {
      return try WeightFile.open(path, of: model).loaded(limit: limit)
    }
    switch ModelFile.suffix(of: path) {
    case "npz": return try WeightArrays.open(path, for: model, limit: limit)
    case "keras":
      let (source, stored) = try KerasArchive.read(OpenedFile(path))
      return try fitted(stored.loaded(limit: limit), of: source, to: model, path)
    default:
      throw FileError(
        path, "is no file of weights",
        remedy: "name a .keras, \(WeightFile.suffix) or .npz file")
    }
  }

  /// The weights of one model as those of another with equal layers: by their order.
  private static func fitted(
    _ weights: ModelWeights, of source: Model, to model: Model, _ path: String
  ) throws(FileError) -> ModelWeights {
    let analysis = Analysis(of: model)
    let sources = KerasOrder(source).layers.filter { weights[$0].count > 0 }
    let targets = KerasOrder(model).layers.filter { !(analysis.weights[$0] ?? []).isEmpty }
    guard sources.count == targets.count else {
      throw FileError(
        path, "has \(sources.count) layers with weights, the model has \(targets.count)",
        remedy: "are these weights of another model?")
    }
    var result = ModelWeights()
    for (from, to) in zip(sources, targets) {
      let specs = analysis.weights[to] ?? []
      guard weights[from].tensors.map(\.sizes) == specs.map(\.shape) else {
        throw FileError(
          path,
          "the weights of \(model.layers[to]?.name ?? "a layer") have other sizes than the model's",
          remedy: "are these weights of another model?")
      }
      result.layers[to] = weights[from]
    }
    return result
  }
}
