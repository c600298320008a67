import Neural

extension ModelObject {
  /// `save`, `save_weights`, `load_weights`, `export`.
  func fileMethod(_ name: String) -> Value {
    .builtin(
      Builtin(name) { evaluator, arguments in
        guard let path = (arguments.value(0, "filepath") ?? arguments["path"])?.stringValue else {
          throw evaluator.fault("\(name)() needs the name of a file", type: "TypeError")
        }
        if evaluator.keras.run?.purpose == .training { return .none }
        switch name {
        case "export":
          throw evaluator.fault(
            "export() writes what other programs run, which is not done here",
            remedy: "save(\"model.keras\") keeps the model")
        case "load_weights": try self.loadWeights(path, in: evaluator)
        default:
          try evaluator.keras.takeLiveWeights(in: evaluator)
          let assembled = try self.assembled(in: evaluator)
          let weights = try self.weights(
            of: assembled, Analysis(of: assembled.model), in: evaluator)
          let trainer = self.liveFit?.fitting.trainer ?? self.training?.trainer
          try self.save(
            weights, of: assembled, trainer, to: path, weightsOnly: name == "save_weights",
            in: evaluator)
        }
        return .none
      })
  }

  /// Saves the model, or its weights alone.
  func save(
    _ weights: ModelWeights, of assembled: Assembled, _ trainer: Trainer?, to path: String,
    weightsOnly: Bool, in evaluator: Evaluator
  ) throws {
    do throws(FileError) {
      let contents = try contents(weights, of: assembled, trainer)
      if weightsOnly {
        try WeightFile.save(contents, to: path)
      } else if let note = try ModelFile.replace(path, with: contents) {
        evaluator.warn("\(path) holds \(note)")
      }
    } catch {
      throw evaluator.fault(error)
    }
  }

  /// All that a file can hold of the model.
  private func contents(
    _ weights: ModelWeights, of assembled: Assembled, _ trainer: Trainer?
  ) throws(FileError) -> ModelContents {
    var contents = ModelContents(assembled.model, weights: weights)
    if let trainer, trainer.model == assembled.model {
      contents = try ModelContents(of: trainer, compiledAs: training?.compileConfig)
      contents.weights = weights
    } else if let training {
      contents.model.extra["compile_config"] = training.compileConfig.asCompileConfig
      contents.optimizer = training.kept
    }
    contents.leftovers = leftovers.compactMap { layer, leftover in
      var leftover = leftover
      guard let layer else { return leftover }
      guard let id = assembled.objects.first(where: { $0.value === layer })?.key else { return nil }
      leftover.place.layer = id
      return leftover
    }
    return contents
  }

  private func loadWeights(_ path: String, in evaluator: Evaluator) throws {
    let assembled = try assembled(in: evaluator)
    let limit = evaluator.keras.run?.memoryLimit ?? .standard
    let contents: ModelContents
    do throws(FileError) {
      contents = try WeightFile.open(path, for: assembled.model, limit: limit)
    } catch {
      throw evaluator.fault(error)
    }
    try take(contents.weights, of: assembled, in: evaluator)
    // Keras passes over an optimizer that has not trained yet.
    if var trainer = training?.trainer {
      training?.trainer = nil
      if let remark = trainer.resume(from: contents.optimizer, of: path) { evaluator.warn(remark) }
      training?.trainer = trainer
    }
    evaluator.keras.run?.weightChanges += 1
  }
}
