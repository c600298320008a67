import Neural
import OrderedCollections

/// A complete Keras script that trains a model: on one device, on all of a machine, or on those of
/// several machines.
///
/// The script makes the model as `PythonWriter` writes it, compiles it as its file says, shares each
/// batch among the devices (`keras.distribution.DataParallel`, JAX), keeps a checkpoint after each
/// epoch and goes on from it when it is started again.
///
/// Source: `keras/src/distribution/distribution_lib.py`, `keras/src/backend/jax/trainer.py`.
public struct TrainingScript: Sendable {
  /// The script's source, a line break at its end.
  public let source: String
  /// What a person is to know of it, a line each.
  public let remarks: [String]

  /// Where the training starts.
  public struct Start: Sendable {
    /// The file with the weights, as a person named it.
    public var weights: String
    /// Whether it holds what the optimizer had noted.
    public var hasOptimizer: Bool

    /// Weights in a file that Keras reads: `.keras`, `.h5` or `.weights.h5`.
    public init(weights: String, hasOptimizer: Bool = false) {
      self.weights = weights
      self.hasOptimizer = hasOptimizer
    }
  }

  /// Writes the script that trains a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - path: where the script will stand: files are named from there.
  ///   - compileConfig: how it is trained, as files and scripts keep it; `nil`: as suits its outputs.
  ///   - start: its weights; `nil`: first values.
  ///   - data: the files of its inputs and targets; empty: whoever starts the script names them.
  ///   - targetSizes: the sizes of the targets, where they are known: they tell class numbers from
  ///     one-hot ones.
  public init(
    _ model: Model, path: String, compileConfig: ConfigValue? = nil, start: Start? = nil,
    data: [String] = [], targetSizes: [[Int]] = []
  ) {
    let plan = TrainingPlan(
      model, path: path, compileConfig: compileConfig, start: start, data: data,
      targetSizes: targetSizes)
    source = plan.source
    remarks = plan.remarks
  }
}

/// What a training script says of one model.
struct TrainingPlan {
  let model: Model
  let path: String
  let start: TrainingScript.Start?
  let data: [String]
  let arrays: TrainingArrays
  let compile: CompileSource
  /// What was chosen and why, where no file says a loss: comments.
  let comment: [String]
  /// The losses that were chosen.
  let choice: [String]
  /// The samples of every batch, where the model leaves no choice.
  let fixedBatch: Int?
  /// The layers that go on from batch to batch, each as an expression.
  let statefulLayers: [String]

  init(
    _ model: Model, path: String, compileConfig: ConfigValue?, start: TrainingScript.Start?,
    data: [String], targetSizes: [[Int]]
  ) {
    self.model = model
    self.path = path
    self.start = start
    self.data = data
    let losses: [Loss?]
    if let compileConfig, compileConfig["loss"]?.isNull == false {
      compile = CompileSource(compileConfig, rateVariable: "learning_rate")
      losses = (try? Compilation(config: compileConfig, for: model))?.losses ?? []
      (comment, choice) = ([], [])
    } else {
      let suggestion = SuggestedCompilation(
        for: model, optimizer: compileConfig?["optimizer"], targetSizes: targetSizes)
      compile = CompileSource(suggestion.config, rateVariable: "learning_rate")
      losses = suggestion.losses
      (comment, choice) = (suggestion.comment, suggestion.choice)
    }
    arrays = TrainingArrays(of: model, losses: losses)
    fixedBatch = model.fixedBatch
    statefulLayers = Self.stateful(in: model, from: "self.model")
  }

  /// The recurrent layers of a model whose states stay from batch to batch.
  private static func stateful(in model: Model, from owner: String) -> [String] {
    model.layers.values.flatMap { layer -> [String] in
      let place = "\(owner).get_layer(\(PythonLiteral.text(layer.name)))"
      if let submodel = layer.layer as? Submodel {
        return stateful(in: submodel.model, from: place)
      }
      guard layer.layer.isStateful else { return [] }
      return [layer.layer is TimeDistributed ? "\(place).layer" : place]
    }
  }

  /// What a person is to know of the script.
  var remarks: [String] {
    var result: [String] = []
    if !choice.isEmpty {
      let noun = choice.count == 1 ? "loss" : "losses"
      result.append(
        "the model says no \(noun): \(choice.joined(separator: ", ")), which suits its "
          + (choice.count == 1 ? "last activation" : "outputs' activations"))
    }
    if arrays.isOpen {
      result.append("the model has no input shape: the script takes the shape of its data")
    }
    return result
  }
}

/// How a model is trained of which no file says it.
struct SuggestedCompilation {
  var config: ConfigValue
  var losses: [Loss?]
  /// What was chosen and why, for a comment.
  var comment: [String]
  /// The names of the losses that were chosen.
  var choice: [String]

  /// - Parameters:
  ///   - model: the model.
  ///   - optimizer: the optimizer, where a file says that alone.
  ///   - targetSizes: the sizes of the targets, where they are known.
  init(for model: Model, optimizer: ConfigValue?, targetSizes: [[Int]]) {
    let suggested = Compilation(suggestedFor: model, targets: [])
    let shapes = Analysis(of: model).outputShapes
    losses = suggested.losses.enumerated().map { index, loss in
      guard loss?.className == "CategoricalCrossentropy" else { return loss }
      // Classes are numbered more often than not; targets of the output's sizes are one-hot.
      if index < targetSizes.count, index < shapes.count,
        targetSizes[index].count == shapes[index].rank,
        targetSizes[index].last == shapes[index].sizes.last ?? nil
      {
        return loss
      }
      return Loss(named: "SparseCategoricalCrossentropy")
    }
    let names = losses.map { $0?.shortName ?? "mean_squared_error" }
    let words = names.map { ConfigValue.string($0 == "mean_squared_error" ? "mse" : $0) }
    let metrics = suggested.metrics.map { $0.isEmpty ? ConfigValue.list([]) : ["accuracy"] }
    var config: OrderedDictionary<String, ConfigValue> = ["optimizer": optimizer ?? "adam"]
    config["loss"] = words.count == 1 ? words[0] : .list(words)
    if metrics.contains(where: { $0.listValue?.isEmpty == false }) {
      config["metrics"] = metrics.count == 1 ? metrics[0] : .list(metrics)
    }
    self.config = .object(config)
    comment = ["The model's file says no loss: this one suits the last activation."]
    if words.count > 1 {
      comment = ["The model's file says no losses: these suit the outputs' activations."]
    }
    choice = words.compactMap(\.stringValue)
    if names.contains("sparse_categorical_crossentropy") {
      comment.append("Targets are class numbers; for one-hot ones: categorical_crossentropy.")
    }
  }
}
