import OrderedCollections
import Testing

@testable import Neural

@Suite struct OptimizerTests {
  private let id = WeightID(LayerID(number: 1), 0)

  private func state(_ config: ConfigValue) throws -> OptimizerState {
    try OptimizerState(
      Optimizer(configValue: config), weights: [(id, WeightSpec("kernel", [2, 3]))])
  }

  @Test func parametersOutOfRangeAreErrors() throws {
    let wrong: [(String, OrderedDictionary<String, ConfigValue>)] = [
      ("SGD", ["momentum": 2.0]), ("SGD", ["learning_rate": "fast"]),
      ("SGD", ["learning_rate": -0.1]), ("Adam", ["beta_1": -1.0]),
      ("AdamW", ["weight_decay": nil]),
      ("Adam", ["clipnorm": 1.0, "clipvalue": 0.5]), ("Adam", ["clipvalue": "much"]),
      ("SGD", ["gradient_accumulation_steps": 1]), ("SGD", ["ema_momentum": 3, "use_ema": true]),
      ("Lion", ["beta_1": 0.0]), ("Ftrl", ["learning_rate_power": 0.5]),
      ("SGD", ["learning_rate": ["class_name": "ExponentialDecay", "config": [:]]]),
      (
        "SGD",
        [
          "learning_rate": [
            "class_name": "PiecewiseConstantDecay", "config": ["boundaries": [1], "values": [0.1]],
          ]
        ]
      ),
    ]
    for (name, config) in wrong {
      #expect(throws: PassError.self, "\(name) \(config)") {
        try state(["class_name": .string(name), "config": .object(config)])
      }
    }
  }

  @Test func aScheduleAloneSaysTheLearningRate() throws {
    var state = try state([
      "class_name": "SGD",
      "config": [
        "learning_rate": [
          "class_name": "ExponentialDecay",
          "config": ["initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5],
        ]
      ],
    ])
    #expect(Float(state.learningRate) == 0.1)
    #expect(state.hasSchedule)
    #expect(throws: PassError.self) { try state.setLearningRate(0.5) }
    var weights = ModelWeights()
    weights.layers[id.layer] = LayerWeights([Tensor([2, 3])])
    state.step(ModelGradients(), &weights)
    state.step(ModelGradients(), &weights)
    #expect(Float(state.learningRate) == 0.05)
  }

  @Test func everyOptimizerGoesDownhill() throws {
    for name in OptimizerFamily.classes.keys {
      var state = try state([
        "class_name": .string(name), "config": ["learning_rate": 0.01],
      ])
      var weights = ModelWeights()
      weights.layers[id.layer] = LayerWeights([Tensor([2, 3], [1, -2, 3, -4, 5, -6])])
      let before = weights[id.layer][0].sumOfSquares
      for _ in 0..<5 {
        var gradients = ModelGradients()
        gradients.weights[id.layer] = [weights[id.layer][0].map { 2 * $0 }]
        state.step(gradients, &weights)
      }
      #expect(weights[id.layer][0].sumOfSquares < before, "\(name)")
    }
  }

  @Test func largeWeightsMoveAsSmallOnesDo() throws {
    let count = 300_001
    for name in ["Adam", "SGD", "RMSprop"] {
      let spec = WeightSpec("kernel", [count])
      var large = try OptimizerState(
        Optimizer(configValue: .string(name)), weights: [(id, spec)])
      var small = try OptimizerState(
        Optimizer(configValue: .string(name)), weights: [(id, WeightSpec("kernel", [7]))])
      let numbers: [Float] = (0..<count).map { Float($0 % 7) - 3 }
      var (many, few) = (ModelWeights(), ModelWeights())
      many.layers[id.layer] = LayerWeights([Tensor([count], numbers)])
      few.layers[id.layer] = LayerWeights([Tensor([7], Array(numbers.prefix(7)))])
      for _ in 0..<3 {
        var (all, some) = (ModelGradients(), ModelGradients())
        all.weights[id.layer] = [many[id.layer][0]]
        some.weights[id.layer] = [few[id.layer][0]]
        large.step(all, &many)
        small.step(some, &few)
      }
      let expected = few[id.layer][0].values
      #expect(many[id.layer][0].values.enumerated().allSatisfy { $1 == expected[$0 % 7] })
    }
  }

  @Test func pathsTakeEpochsAndResults() throws {
    let results: OrderedDictionary<String, Double> = ["loss": 0.123456, "val_loss": 12.5]
    let known = [
      ("m.keras", "m.keras"), ("{epoch:02d}-{val_loss:.2f}.keras", "03-12.50.keras"),
      ("{epoch}_{loss:.4f}_{{x}}", "3_0.1235_{x}"), ("{loss}", "0.123456"),
      ("{loss:8.3f}|{loss:.1e}|{loss:.1%}", "   0.123|1.2e-01|12.3%"), ("{epoch:3d}", "  3"),
    ]
    for (template, path) in known {
      #expect(try PathTemplate(text: template).filled(epoch: 3, results) == path)
    }
    for template in ["{los}", "{epoch:s}", "{", "}", "{batch}", "{loss:.99f}", "{loss:d}"] {
      #expect(throws: PassError.self, "\(template)") {
        try PathTemplate(text: template).filled(epoch: 3, results)
      }
    }
  }

  @Test func constraintsThatDoNotFitAreErrors() throws {
    func check(_ config: ConfigValue) throws {
      var spec = WeightSpec("kernel", [2, 3])
      spec.constraint = try WeightConstraint(configValue: config, kind: .constraint)
      _ = try OptimizerState(Optimizer(configValue: "sgd"), weights: [(id, spec)])
    }
    try check("non_neg")
    try check(["class_name": "MaxNorm", "config": ["max_value": 3, "axis": [0, 1]]])
    #expect(throws: PassError.self) {
      try check(["class_name": "MaxNorm", "config": ["max_value": 3, "axis": 2]])
    }
    #expect(throws: PassError.self) {
      try check(["class_name": "MaxNorm", "config": ["max_value": "x", "axis": 0]])
    }
    #expect(throws: PassError.self) { try check(["class_name": "Mine", "config": [:]]) }
  }
}
