import Foundation
import OrderedCollections
import Testing

@testable import Neural

/// A small model, how it is trained, and what Keras made of it.
struct FitNumbers: CustomStringConvertible {
  /// The place in the table, which the formulas of data and weights use.
  let place: Int
  private let json: ConfigValue

  init(_ json: ConfigValue, place: Int) {
    self.json = json
    self.place = json["case"]?.intValue ?? place
  }

  var description: String {
    let layers = (json["layers"]?.listValue ?? []).dropFirst().compactMap {
      $0.listValue?[1].stringValue
    }
    let optimizer = json["compile"]?["optimizer"]?["class_name"]?.stringValue ?? "?"
    return "case \(place): \(layers.joined(separator: ", ")); \(optimizer) on \(lossText); "
      + "fit \(json["fit"] ?? .null)"
  }

  private var lossText: String {
    let loss = json["compile"]?["loss"] ?? .null
    return loss["class_name"]?.stringValue ?? "\(loss)"
  }

  /// The loss' class or name, the optimizer's class.
  var kinds: [String] {
    [lossText, json["compile"]?["optimizer"]?["class_name"]?.stringValue ?? ""]
  }

  func model() throws -> Model {
    var model = Model(name: "functional", kind: .functional)
    var tensors: [String: TensorRef] = [:]
    for entry in json["layers"]?.listValue ?? [] {
      let parts = try #require(entry.listValue)
      let name = try #require(parts[0].stringValue)
      let className = try #require(parts[1].stringValue)
      if className == "InputLayer" {
        let shape = (parts[2]["shape"]?.listValue ?? []).map(\.intValue)
        tensors[name] = model.addInput(NamedLayer(name, InputLayer(batchShape: [nil] + shape)))
        continue
      }
      let inputs = (parts[3].listValue ?? []).compactMap { tensors[$0.stringValue ?? ""] }
      let layer = model.addLayer(NamedLayer(name, try layer(className, parts[2])))
      tensors[name] = TensorRef(model.call(layer, on: inputs))
    }
    model.outputs = (json["outputs"]?.listValue ?? []).compactMap {
      tensors[$0.stringValue ?? ""]
    }
    return model
  }

  private func layer(_ className: String, _ config: ConfigValue) throws -> any Layer {
    var layer: any Layer = try #require(LayerCatalog.type(named: className)).init()
    for (key, value) in config.objectValue ?? [:] {
      guard key == "layer" else {
        try layer.set(key, to: value)
        continue
      }
      var settings = value["config"]?.objectValue ?? [:]
      let name = settings.removeValue(forKey: "name")?.stringValue ?? "inner"
      let inner = NamedLayer(
        name, try self.layer(value["class_name"]?.stringValue ?? "", .object(settings)))
      if layer is Bidirectional {
        var both = Bidirectional(inner)
        if let mode = config["merge_mode"] { try both.set("merge_mode", to: mode) }
        return both
      }
      layer = TimeDistributed(inner)
    }
    return layer
  }

  private func tensors(_ key: String) -> [Tensor] {
    (json[key]?.listValue ?? []).enumerated().map { index, description in
      FormulaNumbers(
        description: description, place: place + 10 * index,
        classes: json["classes"]?.intValue ?? 3
      ).tensor
    }
  }

  var data: TrainingData {
    TrainingData(
      inputs: tensors("inputs"), targets: tensors("targets"), sampleWeights: tensors("weights"))
  }

  func weights(_ model: Model) -> ModelWeights {
    var weights = ModelWeights()
    var number = 0
    let analysis = Analysis(of: model)
    for (id, _) in model.layers {
      guard let specs = analysis.weights[id], !specs.isEmpty else { continue }
      let tensors = specs.map { spec in
        defer { number += 1 }
        return Tensor(
          spec.shape,
          (0..<spec.shape.reduce(1, *)).map { k in
            let value = 0.5 * cos(0.61 * Double(k) + Double(place) + 3 * Double(number))
            return Float(spec.name.contains("variance") ? abs(value) + 0.5 : value)
          })
      }
      weights.layers[id] = LayerWeights(tensors)
    }
    return weights
  }

  func trainer() throws -> Trainer {
    let model = try model()
    let compilation = try Compilation(config: json["compile"] ?? .null, for: model)
    return try Trainer(model, compilation, weights: weights(model), data: data)
  }

  var settings: FitSettings {
    var settings = FitSettings()
    let fit = json["fit"] ?? .null
    settings.shuffles = false
    settings.epochs = fit["epochs"]?.intValue ?? 1
    settings.batchSize = fit["batch_size"]?.intValue ?? 32
    settings.initialEpoch = fit["initial_epoch"]?.intValue ?? 0
    settings.stepsPerEpoch = fit["steps_per_epoch"]?.intValue
    settings.validationSplit = fit["validation_split"]?.doubleValue ?? 0
    settings.validationFrequency = fit["validation_freq"]?.intValue ?? 1
    settings.validationBatchSize = fit["validation_batch_size"]?.intValue
    settings.validationSteps = fit["validation_steps"]?.intValue
    if let weights = fit["class_weight"]?.objectValue {
      settings.classWeights = Dictionary(
        uniqueKeysWithValues: weights.map { (Int($0.key) ?? 0, $0.value.doubleValue ?? 0) })
    }
    settings.callbacks = (fit["callbacks"]?.listValue ?? []).compactMap { entry in
      callback(entry.listValue?[0].stringValue ?? "", entry.listValue?[1] ?? .null)
    }
    return settings
  }

  private func callback(_ name: String, _ given: ConfigValue) -> FitCallback? {
    let monitor = given["monitor"]?.stringValue ?? "val_loss"
    let mode = FitCallback.MonitorMode(rawValue: given["mode"]?.stringValue ?? "auto") ?? .auto
    func number(_ key: String, _ standard: Double) -> Double {
      given[key]?.doubleValue ?? standard
    }
    switch name {
    case "EarlyStopping":
      return .earlyStopping(
        monitor: monitor, minDelta: number("min_delta", 0),
        patience: given["patience"]?.intValue ?? 0, mode: mode,
        baseline: given["baseline"]?.doubleValue,
        restoresBestWeights: given["restore_best_weights"]?.boolValue ?? false,
        startFromEpoch: given["start_from_epoch"]?.intValue ?? 0)
    case "ReduceLROnPlateau":
      return .reduceLearningRate(
        monitor: monitor, factor: number("factor", 0.1),
        patience: given["patience"]?.intValue ?? 10, mode: mode,
        minDelta: number("min_delta", 1e-4), cooldown: given["cooldown"]?.intValue ?? 0,
        minimum: number("min_lr", 0))
    case "LearningRateScheduler":
      return .learningRates((given.listValue ?? []).compactMap(\.doubleValue))
    default: return nil
    }
  }

  /// The results of each epoch, in Keras' order.
  var history: OrderedDictionary<String, [Double]> {
    OrderedDictionary(
      uniqueKeysWithValues: (json["history"]?.listValue ?? []).map { entry in
        (
          entry.listValue?[0].stringValue ?? "",
          (entry.listValue?[1].listValue ?? []).map { $0.doubleValue ?? .nan }
        )
      })
  }

  var evaluation: [Double] {
    (json["evaluation"]?.listValue ?? []).map { $0.doubleValue ?? .nan }
  }

  var predictions: [[Double]] {
    (json["predictions"]?.listValue ?? []).map { output in
      (output.listValue ?? []).map { $0.doubleValue ?? .nan }
    }
  }

  var optimizerParameters: Int { json["optimizer"]?.intValue ?? -1 }
}

extension KerasTables {
  /// What Keras makes of small models in three epochs; another file by `UNROLL_FIT_NUMBERS`.
  static func fitNumbers() throws -> [FitNumbers] {
    let table = try kerasTable("fit-numbers.json", "UNROLL_FIT_NUMBERS")
    return (table.listValue ?? []).enumerated().map { FitNumbers($1, place: $0) }
  }
}
