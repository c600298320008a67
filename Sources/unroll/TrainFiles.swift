import Explorer
import KerasFiles
import Neural

/// What the Train screen asks for: data, and what scripts train on.
enum TrainFiles {
  /// Prepares a training and tells how it went.
  static func prepare(_ request: TrainRequest) -> Message {
    do throws(PassError) {
      guard case .files(let inputs, let targets) = request.source else {
        return .trainingPrepared(try request.carryOut())
      }
      return .trainingPrepared(
        try request.carryOut(on: try data(inputs, targets, for: request.contenders[0].model)))
    } catch {
      return .trainingNotPrepared(number: request.number, error)
    }
  }

  /// The arrays of files.
  private static func data(
    _ inputs: [String], _ targets: [String], for model: Model
  ) throws(PassError) -> TrainingData {
    do throws(FileError) {
      let read = try InputArrays(inputs.map(ModelFiles.expandingHome), for: model)
      let answers = try TargetArrays(
        targets.map(ModelFiles.expandingHome), for: model,
        samples: read.tensors.first?.sizes.first ?? 0)
      return TrainingData(inputs: read.tensors, targets: answers.tensors)
    } catch {
      throw PassError(error.description)
    }
  }

  /// Finds out what a script trains on.
  ///
  /// - Parameters:
  ///   - path: the script.
  ///   - model: the variable that holds the model; `nil`: the last that is trained.
  ///   - options: what is said of the script's variables.
  /// - Returns: what it trains on, or that it is nothing.
  static func read(_ path: String, model: String?, _ options: ModelOptions) async -> Message {
    do throws(FileError) {
      let training = try await ScriptTraining.of(
        path: ModelFiles.expandingHome(path), model: model, settings: options.variables,
        seed: options.seed)
      guard let training else { return .trainingRead(path: path, nil, why: nil) }
      return .trainingRead(
        path: path,
        TrainSetup(
          title: training.label, model: training.model, weights: training.weights,
          compilation: training.compilation, data: training.data, settings: training.settings),
        why: nil)
    } catch {
      return .trainingRead(path: path, nil, why: error.description)
    }
  }
}
