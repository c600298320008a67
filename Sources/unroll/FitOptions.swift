import ArgumentParser
import Neural
import OrderedCollections

/// How `unroll fit` goes over the data and what makes the weights better.
struct FitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How often it goes over the data (default: 10).", valueName: "N"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Samples of a training step (default: 32).", valueName: "N"))
  var batchSize: Int?

  @Flag(inversion: .prefixedNo, help: "Whether samples come in another order each epoch.")
  var shuffle: Bool?

  @Option(
    help: ArgumentHelp(
      "The part of the samples, from the end, that is measured and not trained on, such as 0.2.",
      valueName: "R"))
  var validationSplit: Double?

  @Option(
    help: ArgumentHelp(
      "Stop after so many epochs in which the loss does not get better, the best weights kept.",
      valueName: "N"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "adam, sgd, rmsprop, … (default: as the model says, else adam).",
      valueName: "NAME"))
  var optimizer: String?

  @Option(
    help: ArgumentHelp(
      "binary_crossentropy, mse, … (default: as the model says, else what suits its outputs).",
      valueName: "NAME"))
  var loss: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("What is measured beside the loss: accuracy, mae, …", valueName: "NAME"))
  var metrics: [String] = []

  @Option(help: ArgumentHelp("How far a step goes, such as 0.001.", valueName: "R"))
  var learningRate: Double?

  func validate() throws {
    for (name, value) in [("--epochs", epochs), ("--batch-size", batchSize)] {
      guard let value else { continue }
      guard (1...largestSize).contains(value) else {
        throw ValidationError("\(name): expected 1 to \(largestSize), found \(value)")
      }
    }
    if let validationSplit, !(validationSplit >= 0 && validationSplit < 1) {
      throw ValidationError(
        "--validation-split: expected a part from 0 to below 1, found \(validationSplit)")
    }
    if let patience, patience < 0 {
      throw ValidationError("--patience: expected 0 or more epochs, found \(patience)")
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate: expected a number above 0, found \(learningRate)")
    }
  }

  /// The settings with what was said on the command line; it wins over what a script says.
  func applied(to settings: FitSettings?, seed: UInt64) -> FitSettings {
    var result = settings ?? FitSettings()
    if let epochs {
      result.epochs = epochs
    } else if settings == nil {
      result.epochs = 10
    }
    if let batchSize { result.batchSize = batchSize }
    if let shuffle { result.shuffles = shuffle }
    if let validationSplit {
      result.validationSplit = validationSplit
      result.validationData = nil
    }
    result.seed = seed
    if let patience {
      let isMeasured = result.validationData != nil || result.validationSplit > 0
      result.callbacks.append(
        .earlyStopping(
          monitor: isMeasured ? "val_loss" : "loss", minDelta: 0, patience: patience, mode: .min,
          baseline: nil, restoresBestWeights: true, startFromEpoch: 0))
    }
    return result
  }

  /// How a model is trained: as it says, as was said on the command line, or as suits it.
  ///
  /// - Parameters:
  ///   - config: the arguments of `compile` that a file or script has; `nil` where it has none.
  ///   - suggested: how it is trained where nobody says; `nil`: as suits its outputs.
  ///   - model: the model.
  ///   - targets: what it should give.
  /// - Returns: the optimizer, losses and metrics.
  /// - Throws: `PassError` where a name is not known or does not fit the outputs.
  func compilation(
    _ config: ConfigValue?, suggested: Compilation? = nil, for model: Model, targets: [Tensor]
  ) throws(PassError) -> Compilation {
    var said = config?.objectValue ?? ["optimizer": "adam"]
    if let loss { said["loss"] = .string(loss) }
    if !metrics.isEmpty { said["metrics"] = .list(metrics.map { .string($0) }) }
    var result: Compilation
    if said["loss"] == nil {
      result = suggested ?? Compilation(suggestedFor: model, targets: targets)
      if !metrics.isEmpty {
        said["loss"] = "mse"
        result.metrics = try Compilation(config: .object(said), for: model).metrics
      }
    } else {
      result = try Compilation(config: .object(said), for: model)
    }
    if let optimizer {
      do throws(SettingError) {
        result.optimizer = try Optimizer(configValue: .string(optimizer), kind: .value)
      } catch {
        throw PassError(error.message)
      }
    }
    if let learningRate { result.optimizer.config["learning_rate"] = .double(learningRate) }
    return result
  }
}
