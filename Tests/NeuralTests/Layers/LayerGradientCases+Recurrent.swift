@testable import Neural

extension LayerGradientCase {
  private static let mask: [Float] = [1, 1, 0, 1, 0, 0, 1, 1]

  static func recurrent() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for name in ["LSTM", "GRU", "SimpleRNN"] {
      for settings: ConfigValue in [
        [:], ["return_sequences": true], ["return_state": true], ["go_backwards": true],
        ["return_sequences": true, "return_state": true, "go_backwards": true],
        ["use_bias": false], ["activation": "softsign"], ["unroll": true],
        ["return_sequences": true, "zero_output_for_mask": true],
      ] {
        for masks in [[], [mask]] as [[[Float]?]] {
          cases.append(try sized(name, settings, [[2, 4, 3]], masks: masks))
        }
      }
      let states = Array(repeating: [2, 2], count: name == "LSTM" ? 2 : 1)
      cases.append(try sized(name, ["return_sequences": true], [[2, 4, 3]] + states))
      cases.append(
        try sized(
          name, ["dropout": 0.3, "recurrent_dropout": 0.3, "return_sequences": true], [[2, 4, 3]],
          training: true))
      cases.append(try sized(name, ["return_sequences": true], [[3, 1, 2]]))
      var stateful = try sized(name, ["stateful": true], [[2, 4, 3]])
      stateful.context.states = states.map { Tensor($0, repeating: 0.3) }
      cases.append(stateful)
    }
    for name in ["LSTM", "GRU"] {
      cases.append(
        try sized(
          name, ["recurrent_activation": "hard_sigmoid", "activation": "elu"], [[2, 4, 3]]))
    }
    for masks in [[], [mask]] as [[[Float]?]] {
      for settings: ConfigValue in [
        ["reset_after": false], ["reset_after": false, "use_bias": false, "go_backwards": true],
        ["reset_after": true, "use_bias": false],
      ] {
        cases.append(try sized("GRU", settings, [[2, 4, 3]], masks: masks))
      }
    }
    return cases
  }

  private static func sized(
    _ name: String, _ settings: ConfigValue, _ sizes: [[Int]], training: Bool = false,
    masks: [[Float]?] = []
  ) throws -> LayerGradientCase {
    let layer = try layer(name, settings)
    return LayerGradientCase("\(name) \(settings)", layer, sizes, training: training, masks: masks)
  }

  private static func layer(_ name: String, _ settings: ConfigValue) throws -> any Layer {
    guard var layer = LayerCatalog.type(named: name)?.init() else {
      throw PassError("no layer is called \(name)")
    }
    if layer is any RecurrentLayer { try layer.set("units", to: 2) }
    for (key, value) in settings.objectValue ?? [:] { try layer.set(key, to: value) }
    return layer
  }

  static func wrappers() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    for name in ["LSTM", "GRU", "SimpleRNN"] {
      for mode in ["concat", "sum", "mul", "ave", "None"] {
        for sequences in [true, false] {
          for masks in [[], [mask]] as [[[Float]?]] {
            let inner = try layer(name, ["return_sequences": .bool(sequences)])
            var wrapper = Bidirectional(NamedLayer("inner", inner))
            try wrapper.set("merge_mode", to: .string(mode))
            cases.append(
              LayerGradientCase(
                "Bidirectional \(mode) \(name) \(sequences ? "sequences" : "last")", wrapper,
                [[2, 4, 3]], masks: masks))
          }
        }
      }
      for mode in ["concat", "sum", "mul", "ave", "None"] {
        let inner = try layer(
          name, ["activity_regularizer": "l2", "return_state": true, "return_sequences": true])
        var wrapper = Bidirectional(NamedLayer("inner", inner))
        try wrapper.set("merge_mode", to: .string(mode))
        cases.append(
          LayerGradientCase(
            "Bidirectional \(mode) with penalties of \(name)", wrapper, [[2, 4, 3]]))
      }
      let settings: ConfigValue = ["return_state": true, "return_sequences": true]
      cases.append(
        LayerGradientCase(
          "Bidirectional with states of \(name)",
          Bidirectional(NamedLayer("inner", try layer(name, settings))), [[2, 4, 3]]))
      cases.append(
        LayerGradientCase(
          "Bidirectional with dropout of \(name)",
          Bidirectional(
            NamedLayer("inner", try layer(name, ["dropout": 0.3, "recurrent_dropout": 0.3]))),
          [[2, 4, 3]], training: true))
    }
    func add(_ inner: any Layer, _ sizes: [Int], training: Bool = false, masks: [[Float]?] = []) {
      cases.append(
        LayerGradientCase(
          "TimeDistributed \(inner.className)", TimeDistributed(NamedLayer("inner", inner)),
          [sizes], training: training, masks: masks))
    }
    add(try layer("Dense", ["units": 2, "activation": "tanh"]), [2, 4, 3])
    for training in [false, true] {
      add(try layer("BatchNormalization", [:]), [2, 4, 3], training: training)
      add(
        try layer("Dropout", ["rate": 0.4, "noise_shape": [1, nil]]), [2, 4, 3],
        training: training)
    }
    add(try layer("BatchNormalization", [:]), [2, 4, 3, 2], training: true)
    add(try layer("LSTM", [:]), [2, 3, 4, 2])
    add(try layer("Conv1D", ["filters": 2, "kernel_size": 2]), [2, 2, 3, 2])
    add(try layer("Flatten", [:]), [2, 2, 3, 2])
    add(
      Submodel(
        Model(
          input: InputLayer(),
          layers: [
            NamedLayer("one", try layer("Dense", ["units": 3, "activation": "tanh"])),
            NamedLayer("two", try layer("Dense", ["units": 2])),
          ])), [2, 4, 3])
    cases.append(
      LayerGradientCase(
        "Submodel",
        Submodel(
          Model(
            input: InputLayer(),
            layers: [
              NamedLayer("one", try layer("Dense", ["units": 3, "activation": "tanh"])),
              NamedLayer("two", try layer("BatchNormalization", [:])),
              NamedLayer("three", try layer("Dropout", ["rate": 0.3])),
              NamedLayer("four", try layer("ActivityRegularization", ["l2": 0.2])),
            ])), [[4, 2]], training: true))
    return cases
  }
}
