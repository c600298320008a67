import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Training that goes on from a file: the optimizer is in it, as Keras wrote it.
@Suite struct ResumedTrainingTests {
  private static let folder = Fixtures.folder.appendingPathComponent("resumed")
  private static let names = [
    "sgd", "sgd_momentum", "sgd_cosine", "rmsprop", "rmsprop_centered", "adam", "adam_amsgrad",
    "adam_averages", "adamw", "adamax", "nadam", "adagrad", "adadelta", "adafactor", "lion",
    "lamb", "ftrl", "schedule_free",
  ]
  /// With UNROLL_RESUMED=DIRECTORY the files stay, for `verify_resumed.py`.
  private static let kept = ProcessInfo.processInfo.environment["UNROLL_RESUMED"]

  @Test(arguments: names) func twoMoreEpochsAreKerasOwn(name: String) async throws {
    let arrays = try ArrayFile.open(Self.folder.appendingPathComponent("resumed.npz").path)
    func array(_ name: String) throws -> Tensor {
      try #require(arrays.members.first { $0.name == name }?.tensor)
    }
    let path = Self.folder.appendingPathComponent("\(name).keras").path
    let entry = try #require(try await ModelFile.open(path).models.first)
    let stored = try #require(entry.stored)
    let config = try #require(entry.compileConfig)
    let data = TrainingData(inputs: [try array("x")], targets: [try array("y")])
    var trainer = try Trainer(
      entry.model, Compilation(config: config, for: entry.model), weights: stored.loaded(),
      data: data)
    #expect(trainer.resume(from: try stored.optimizerVariables(), of: path) == nil)
    #expect(trainer.optimizer.iterations == 6)

    var settings = FitSettings()
    (settings.epochs, settings.batchSize, settings.shuffles) = (2, 8, false)
    var fitting = try Fitting(trainer, data: data, settings: settings)
    while true {
      if case .ended = try fitting.advance() { break }
    }
    let losses = fitting.history.values["loss"] ?? []
    for (found, wanted) in zip(losses, try array("\(name)_loss").values) {
      #expect(abs(found - Double(wanted)) < 1e-5)
    }
    let weights = fitting.trainer.weights
    let order = KerasOrder(entry.model).layers
    let numbers = WeightPaths(of: entry.model).entries
      .filter { weights[$0.layer].count > 0 }.count
    #expect(numbers == order.reduce(0) { $0 + weights[$1].count })
    let found = order.flatMap { weights[$0].tensors }.flatMap(\.values).sorted()
    let wanted = try array("\(name)_weights").values.sorted()
    #expect(found.count == wanted.count)
    #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 2e-5 })

    // What is saved says the same again.
    let contents = try ModelContents(of: fitting.trainer, compiledAs: config, from: stored)
    #expect(contents.model.extra["compile_config"] == config)
    let bytes = try KerasArchive.write(contents)
    if let kept = Self.kept {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(kept)/\(name).keras"))
    }
    let again = try TemporaryFile.with(bytes, named: "model.keras") {
      try KerasArchive.read(OpenedFile($0)).stored.optimizerVariables()
    }
    #expect(again.map(\.array) == contents.optimizer.map(\.array))
    #expect(again.first?.count == 12)
    #expect(again.map(\.sizes) == (try stored.optimizerVariables()).map(\.sizes))
    #expect(
      Set(contents.optimizer.map(\.name)).count == contents.optimizer.count || name == "adafactor")
  }

  @Test func anotherOptimizerStartsAnewWithARemark() async throws {
    let path = Self.folder.appendingPathComponent("adam.keras").path
    let entry = try #require(try await ModelFile.open(path).models.first)
    let stored = try #require(entry.stored)
    let data = TrainingData(inputs: [Tensor([1, 6, 3])], targets: [Tensor([1, 1])])
    var trainer = try Trainer(
      entry.model, Compilation(config: ["optimizer": "sgd", "loss": "mse"], for: entry.model),
      weights: stored.loaded(), data: data)
    let remark = trainer.resume(from: try stored.optimizerVariables(), of: "adam.keras")
    #expect(
      remark == "adam.keras: the optimizer starts anew: the file has 40 variables of an optimizer, "
        + "SGD keeps 2 for this model")
    #expect(trainer.optimizer.iterations == 0)
  }
}
