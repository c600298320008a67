import Neural

extension ModelContents {
  /// A model as it is trained, with all that its optimizer has noted.
  ///
  /// - Parameters:
  ///   - trainer: the training.
  ///   - compileConfig: what `compile` was given; a learning rate that was changed since takes the
  ///     place of its own.
  ///   - source: what the model was read from, for what nobody here knows.
  /// - Throws: `FileError` where that cannot be read.
  public init(
    of trainer: Trainer, compiledAs compileConfig: ConfigValue?, from source: StoredWeights? = nil
  ) throws(FileError) {
    var model = trainer.model
    let config = compileConfig.flatMap(\.asCompileConfig) ?? trainer.compilation.config
    model.extra["compile_config"] = config.withLearningRate(trainer.optimizer.learningRate)
    self.init(
      model, weights: trainer.weights,
      optimizer: trainer.optimizer.variables.map(OptimizerVariable.init))
    leftovers = try source?.allLeftovers() ?? []
  }
}

extension ConfigValue {
  /// What a file or a script says of `compile`, as Keras 3 writes it; what Keras 3 wrote stays as
  /// it is.
  var asCompileConfig: ConfigValue? {
    guard let arguments = objectValue, !arguments.isEmpty else { return nil }
    let isWhole = arguments["optimizer"]?["class_name"] != nil && arguments["jit_compile"] != nil
    return isWhole ? self : Compilation.config(arguments)
  }
}

extension Trainer {
  /// Goes on from what an optimizer had noted when a file was saved.
  ///
  /// - Parameters:
  ///   - variables: what the file has of it; nothing: the optimizer starts anew.
  ///   - path: the file.
  /// - Returns: why the optimizer starts anew all the same; `nil` where it goes on.
  public mutating func resume(from variables: [OptimizerVariable], of path: String) -> String? {
    guard !variables.isEmpty else { return nil }
    // A model that was compiled and never trained: Keras has counted no step.
    if variables.count <= 2, variables.first?.count == 0 { return nil }
    let slots = variables.compactMap(\.slot)
    do throws(PassError) {
      guard slots.count == variables.count else {
        throw PassError("the file has something else than numbers for it")
      }
      try restoreOptimizer(slots)
      return nil
    } catch {
      return "\(path): the optimizer starts anew: \(error.message)"
    }
  }
}
