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
          try self.save(
            weights, of: assembled, to: path, weightsOnly: name == "save_weights", in: evaluator)
        }
        return .none
      })
  }

  /// Saves the model, or its weights alone.
  func save(
    _ weights: ModelWeights, of assembled: Assembled, to path: String, weightsOnly: Bool,
    in evaluator: Evaluator
  ) throws {
    do throws(FileError) {
      if weightsOnly {
        try ScriptFiles.saveWeights(of: assembled.model, weights, to: path)
      } else if let note = try ScriptFiles.save(assembled.model, weights, to: path) {
        evaluator.warn("\(path) holds \(note)")
      }
    } catch {
      throw evaluator.fault(error)
    }
  }

  private func loadWeights(_ path: String, in evaluator: Evaluator) throws {
    let assembled = try assembled(in: evaluator)
    let limit = evaluator.keras.run?.memoryLimit ?? .standard
    let weights: ModelWeights
    do throws(FileError) {
      weights = try ScriptFiles.weights(path, for: assembled.model, limit: limit)
    } catch {
      throw evaluator.fault(error)
    }
    try take(weights, of: assembled, in: evaluator)
    evaluator.keras.run?.weightChanges += 1
  }
}
