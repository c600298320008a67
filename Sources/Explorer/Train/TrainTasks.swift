import Neural

/// The built-in tasks, as the Train screen asks for them.
enum TrainTasks {
  /// Their names, in the order in which `i` goes through them.
  static let names = ToyTask.allCases.map(\.rawValue)

  /// How often a training goes over a task's sequences.
  private static let epochs = 20

  /// What a task is called on the screen.
  static func title(of name: String) -> String { ToyTask(rawValue: name)?.title ?? name }

  /// The task that suits a model best: one that asks as often as the model answers.
  ///
  /// - Returns: its name; `nil` where the model takes no sequences.
  static func best(for model: Model) -> String? {
    let output = Analysis(of: model).outputShapes.first
    let answersOften = output?.axes.contains { $0.role == .time } ?? false
    let order: [ToyTask] =
      answersOften ? [.tagByNext, .recallFirst] : [.recallFirst, .tagByNext]
    let others = ToyTask.allCases.filter { !order.contains($0) }
    return (order + others).first { (try? $0.setUp(for: model, samples: 1, seed: 0)) != nil }?
      .rawValue
  }

  /// What a training on a task starts from.
  ///
  /// - Throws: `PassError` where the task does not suit the model.
  static func setUp(_ name: String, for model: Model, seed: UInt64) throws(PassError) -> TrainSetup
  {
    guard let task = ToyTask(rawValue: name) else { throw PassError("no task is called \(name)") }
    let toy = try task.setUp(for: model, seed: seed)
    var settings = FitSettings()
    settings.epochs = epochs
    settings.batchSize = toy.batchSize
    settings.validationData = toy.validation
    settings.seed = seed
    return TrainSetup(
      title: task.title, question: task.question, lesson: task.lesson, model: toy.model,
      added: toy.addedHead.map { [$0] } ?? [], compilation: toy.compilation, data: toy.data,
      settings: settings, chance: toy.chance)
  }
}
