import Neural
import Screen

/// What a person says of the training, over what the data brings along.
public struct TrainSettings: Hashable, Sendable {
  /// How often it goes over the data.
  var epochs: Int?
  /// Samples of a step.
  var batchSize: Int?
  /// How large steps are.
  var learningRate: Double?
  /// How weights follow their gradients.
  var optimizer: Optimizer?
  /// What is made small, for every output.
  var loss: Loss?
  /// The part of the data, from its end, that is measured only.
  var validationSplit: Double?
  /// Whether samples come in another order each epoch.
  var shuffles: Bool?

  /// Nothing is said.
  public init() {}

  /// The settings, as `:set` names them.
  static let names = [
    "epochs", "batch_size", "learning_rate", "optimizer", "loss", "validation_split", "shuffle",
  ]

  /// What a setting can be, where that is a choice.
  static func choices(of name: String) -> [String] {
    switch name {
    case "optimizer": OptimizerFamily.classes.keys.map(snakeCase).sorted()
    case "loss": LossFamily.classes.keys.map(snakeCase).sorted()
    case "shuffle": ["true", "false"]
    default: []
    }
  }

  /// Takes a setting in.
  ///
  /// - Parameters:
  ///   - name: one of `names`.
  ///   - text: its value, as a person wrote it.
  /// - Throws: `PassError` where it cannot have this value.
  mutating func set(_ name: String, to text: String) throws(PassError) {
    let text = text.trimmingBlanks
    switch name {
    case "epochs": epochs = try TrainSettings.count(name, text)
    case "batch_size": batchSize = try TrainSettings.count(name, text)
    case "learning_rate":
      guard let rate = Double(text), rate > 0, rate.isFinite else {
        throw TrainSettings.problem(name, "a number above 0", text)
      }
      learningRate = rate
    case "validation_split":
      guard let part = Double(text), part >= 0, part < 1 else {
        throw TrainSettings.problem(name, "a number from 0 to below 1", text)
      }
      validationSplit = part
    case "shuffle":
      guard let choice = ["true": true, "True": true, "false": false, "False": false][text] else {
        throw TrainSettings.problem(name, "true or false", text)
      }
      shuffles = choice
    case "optimizer": optimizer = try TrainSettings.object(text)
    case "loss": loss = try TrainSettings.object(text)
    default: throw PassError("training has no setting \(name)")
    }
  }

  private static func count(_ name: String, _ text: String) throws(PassError) -> Int {
    guard let number = Int(text), (1...1_000_000_000).contains(number) else {
      throw problem(name, "a whole number from 1", text)
    }
    return number
  }

  private static func object<Family: KerasObjectFamily>(
    _ text: String
  ) throws(PassError) -> KerasObject<Family> {
    do throws(SettingError) {
      return try KerasObject(configValue: .string(text), kind: .value)
    } catch {
      throw PassError(error.message)
    }
  }

  private static func problem(_ name: String, _ expected: String, _ text: String) -> PassError {
    PassError("\(name): expected \(expected), found \(text.isEmpty ? "nothing" : text)")
  }
}

extension TrainSetup {
  /// Puts what a person said over what the data brought along.
  ///
  /// - Throws: `PassError` where the optimizer has no learning rate of its own.
  mutating func apply(_ said: TrainSettings) throws(PassError) {
    settings.epochs = said.epochs ?? settings.epochs
    settings.batchSize = said.batchSize ?? settings.batchSize
    settings.shuffles = said.shuffles ?? settings.shuffles
    if let part = said.validationSplit {
      settings.validationSplit = part
      settings.validationData = nil
    }
    if let optimizer = said.optimizer { compilation.optimizer = optimizer }
    if let loss = said.loss { compilation.losses = compilation.losses.map { _ in loss } }
    if let rate = said.learningRate {
      guard compilation.optimizer.config["learning_rate"] != nil else {
        throw PassError("\(compilation.optimizer.shortName) has no learning_rate to set")
      }
      compilation.optimizer.config["learning_rate"] = .double(rate)
    }
  }
}
