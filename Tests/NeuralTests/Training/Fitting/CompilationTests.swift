import OrderedCollections
import Testing

@testable import Neural

@Suite struct CompilationTests {
  private func model(_ outputs: [String], activation: String = "linear") throws -> Model {
    var model = Model(name: "m", kind: .functional)
    let input = model.addInput(NamedLayer("in", InputLayer(batchShape: [nil, 3])))
    for name in outputs {
      var dense = Dense()
      dense.units = 2
      try dense.set("activation", to: .string(activation))
      model.outputs.append(
        TensorRef(model.call(model.addLayer(NamedLayer(name, dense)), on: [input])))
    }
    return model
  }

  private func message(_ config: ConfigValue, _ outputs: [String] = ["a", "b"]) throws -> String {
    let model = try model(outputs)
    do {
      _ = try Compilation(config: config, for: model)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func whatDoesNotFitIsSaidPlainly() throws {
    let known: [(ConfigValue, String)] = [
      (["optimizer": "adm"], "no optimizer is called 'adm'; did you mean adam?"),
      (
        ["optimizer": ["class_name": "Adam", "config": ["learnin_rate": 0.1]]],
        "Adam has no parameter 'learnin_rate'; did you mean learning_rate?"
      ),
      (
        ["loss": ["mse", "mse", "mse"]],
        "loss has 3 entries, the model 2 outputs: a, b; give one for each output"
      ),
      (
        ["loss": ["a": "mse"]], "loss says nothing of the output b; 'b': None leaves it out"
      ),
      (
        ["loss": ["alpha": "mse", "b": "mse"]],
        "loss names 'alpha', which is no output of the model; the outputs are a, b"
      ),
      (
        ["metrics": ["mae"]],
        "metrics has 1 entry, the model 2 outputs: a, b; give one for each output"
      ),
    ]
    for (config, expected) in known { #expect(try message(config) == expected) }
    #expect(
      try message(["loss": "mse", "metrics": "mae"], ["a"])
        == "metrics is 'mae'; write it as a list: ['mae']")
  }

  @Test func everyWayToSayItMeansTheSame() throws {
    let model = try model(["a", "b"])
    let whole = try Compilation(
      config: ["loss": ["mse", "mae"], "loss_weights": [1, 0.5], "metrics": [["mae"], nil]],
      for: model)
    let named = try Compilation(
      config: [
        "optimizer": "RMSPROP", "loss": ["b": "mae", "a": "mse"],
        "loss_weights": ["a": 1, "b": 0.5], "metrics": ["a": "mae"],
      ], for: model)
    #expect(whole == named)
    #expect(whole.optimizer.className == "RMSprop")
    #expect(whole.lossWeights == [1, 0.5])
  }

  @Test func oldSpellingsMeanWhatTheyMeanToday() throws {
    let old = try Optimizer(
      configValue: [
        "class_name": "Adam", "config": ["lr": 0.5, "decay": 0.1, "epsilon": nil],
      ])
    #expect(old.config["learning_rate"] == 0.5)
    #expect(old.config["decay"] == nil)
    #expect(old.config["epsilon"] == 1e-7)
    #expect(old.config["lr"] == nil)
  }

  @Test func whatIsSuggestedFollowsFromTheOutput() throws {
    let labels = Tensor([4], [0, 1, 1, 0])
    let oneHot = Tensor([4, 2], [0, 1, 1, 0, 0, 1, 1, 0])
    func loss(_ activation: String, _ targets: Tensor) throws -> String? {
      let model = try model(["a"], activation: activation)
      return Compilation(suggestedFor: model, targets: [targets]).losses[0]?.className
    }
    #expect(try loss("sigmoid", oneHot) == "BinaryCrossentropy")
    #expect(try loss("softmax", oneHot) == "CategoricalCrossentropy")
    #expect(try loss("softmax", labels) == "SparseCategoricalCrossentropy")
    #expect(try loss("linear", oneHot) == "MeanSquaredError")
    #expect(try loss("sigmoid", oneHot.map { $0 * 5 }) == "MeanSquaredError")
  }
}
