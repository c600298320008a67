import Neural
import Testing

@testable import KerasFiles

/// How a model in an `.h5` file is trained, and what its optimizer had noted.
@Suite struct LegacyTrainingTests {
  @Test(arguments: ["trained", "trained_before"])
  func trainingOfKeras2GoesOn(name: String) throws {
    let fixtures = try LegacyFixtures(keras: 2)
    let (model, stored) = try fixtures.opened(name)
    let data = TrainingData(
      inputs: try fixtures.arrays(name, "x"), targets: [try fixtures.array(name, "target")])
    let compilation = try Compilation(
      config: try #require(model.extra["compile_config"]), for: model)
    var trainer = try Trainer(model, compilation, weights: stored.loaded(), data: data)
    #expect(trainer.resume(from: try stored.optimizerVariables(), of: "model.h5") == nil)
    #expect(trainer.optimizer.iterations == 4)
    for start in [0, 4] { _ = try trainer.train(on: data.samples(start..<(start + 4))) }
    let order = KerasOrder(model).layers
    let found = order.flatMap { trainer.weights[$0].tensors }
    let expected = try fixtures.arrays(name, "w")
    #expect(found.map(\.sizes) == expected.map(\.sizes))
    for (found, wanted) in zip(found, expected) { #expect(found.distance(to: wanted) < 1e-5) }
  }

  @Test func namesOfKeras2BecomeThoseOfToday() throws {
    let (model, stored) = try LegacyFixtures(keras: 2).opened("keras_2_2")
    let compile = try #require(model.extra["compile_config"])
    #expect(compile["loss"] == "binary_crossentropy")
    #expect(compile["metrics"] == ["acc"])
    #expect(compile["optimizer"]?["class_name"] == "Adam")
    #expect(compile["optimizer"]?["module"] == "keras.optimizers")
    #expect(compile["optimizer"]?["config"]?["learning_rate"]?.doubleValue.map(Float.init) == 0.002)
    #expect(compile["optimizer"]?["config"]?["decay"] == nil)
    let variables = try stored.optimizerVariables()
    #expect(variables[0].count == 12)
    #expect(variables[1].tensor?.values == [0.002])
    #expect(variables.count == 2 + 2 * 11)
    // Momentum and velocity of each weight behind each other.
    #expect(variables[2].sizes == variables[3].sizes)
    #expect(variables[4].sizes == [3, 12])
  }

  @Test func decayBecomesASchedule() throws {
    let (model, _) = try LegacyFixtures(keras: 2).opened("trained_before")
    let compile = try #require(model.extra["compile_config"])
    let rate = compile["optimizer"]?["config"]?["learning_rate"]
    #expect(rate?["class_name"] == "InverseTimeDecay")
    #expect(rate?["config"]?["decay_rate"] == 0.1)
    #expect(compile["loss"]?["module"] == "keras.losses")
    #expect(compile["loss"]?["config"]?["reduction"] == "sum_over_batch_size")
    #expect(compile["metrics"]?.listValue?.last == "mse")
  }

  @Test func whatIsNotKnownStaysAsItIs() throws {
    let training: ConfigValue = [
      "loss": "own_loss", "metrics": [["class_name": "Own>Metric", "config": ["k": 2]]],
      "loss_weights": nil,
      "optimizer_config": ["class_name": "Addons>Lookahead", "config": ["slow": 6]],
    ]
    let compile = try #require(LegacyTraining.compileConfig(training))
    #expect(compile["loss"] == "own_loss")
    #expect(compile["metrics"] == [["class_name": "Own>Metric", "config": ["k": 2]]])
    #expect(
      compile["optimizer"] == ["class_name": "Addons>Lookahead", "config": ["slow": 6]])
  }

  @Test func lossesAreWrittenSoThatKerasFindsThem() throws {
    let training = try #require(
      LegacyTraining.trainingConfig(["optimizer": "adam", "loss": "mse", "metrics": ["mae"]]))
    // Keras takes `mse` for a metric when it opens such a file, and fails.
    #expect(training["loss"] == "mean_squared_error")
    #expect(training["metrics"] == ["mae"])
    #expect(training["optimizer_config"]?["class_name"] == "Adam")
    #expect(training["optimizer"] == nil)
    #expect(LegacyTraining.trainingConfig(nil) == nil)
  }
}
