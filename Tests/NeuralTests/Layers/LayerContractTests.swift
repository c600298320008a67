import Foundation
import Neural
import Testing

/// The classes of the catalog.
private let classNames = LayerCatalog.types.map { $0.className }

/// What every layer of the catalog owes.
@Suite struct LayerContractTests {
  @Test(arguments: classNames)
  func everySettingReadsBackWhatItWrites(className: String) throws {
    let type = try #require(LayerCatalog.type(named: className))
    try check(type)
    func check<L: Layer>(_ type: L.Type) throws {
      let layer = L()
      for info in L.settingInfos where info.kind != .layer {
        let value = try #require(layer.value(of: info.key))
        #expect(try layer.setting(info.key, to: value) == layer, "\(info.key)")
        #expect(info.defaultValue == value, "\(info.key)")
      }
    }
  }

  @Test(arguments: classNames)
  func aMisspeltSettingIsRejectedWithTheRightOne(className: String) throws {
    let type = try #require(LayerCatalog.type(named: className))
    for info in type.settingInfos where info.key.count > 3 {
      var layer: any Layer = type.init()
      do {
        try layer.set(info.key + "z", to: .null)
        Issue.record("\(info.key)z was accepted")
      } catch {
        #expect(error.message.contains("did you mean"), "\(error.message)")
        #expect(error.message.contains(className))
      }
    }
  }

  @Test func noTwoLayersShareAName() {
    let names = LayerCatalog.types.flatMap { [$0.className] + $0.aliases }
    #expect(Set(names).count == names.count)
  }

  @Test func everySummaryIsOneShortLine() {
    for type in LayerCatalog.types {
      #expect(!type.summary.isEmpty && type.summary.count <= 66, "\(type.className)")
      #expect(!type.summary.contains("\n"))
    }
  }

  /// Keys, order and defaults are those of Keras' constructors and configurations.
  @Test func settingsAreThoseOfKeras() throws {
    let table = try KerasTables.layerSettings()
    #expect(table.count > 30)
    // What every layer has, what files keep as they are, and inputs, which have no constructor
    // of their own in a script.
    let common: Set = ["name", "dtype", "trainable", "autocast", "kwargs"]
    let kept: Set = [
      "lora_rank", "lora_alpha", "quantization_config", "gptq_unpacked_column_size", "weights",
      "use_cudnn", "reset_after_call",
    ]
    for entry in table where entry.className != "InputLayer" {
      let type = try #require(LayerCatalog.type(named: entry.className), "\(entry.className)")
      #expect(Set(type.aliases) == Set(entry.aliases), "\(entry.className)")
      let keys = type.settingInfos.map(\.key)
      let parameters = entry.parameters.filter {
        !common.contains($0.name) && !kept.contains($0.name)
      }
      let positional = type.settingInfos.filter(\.isPositional).map(\.key)
      #expect(positional == parameters.map(\.name), "\(entry.className)")
      for key in entry.config.keys where !common.contains(key) && !kept.contains(key) {
        #expect(keys.contains(key), "\(entry.className) has \(key) in its config")
      }
      try checkDefaults(of: type, parameters)
    }
  }

  private func checkDefaults(
    of type: any Layer.Type, _ parameters: [(name: String, defaultValue: ConfigValue?)]
  ) throws {
    for (name, defaultValue) in parameters {
      let info = try #require(type.settingInfos.first { $0.key == name })
      #expect(info.isRequired == (defaultValue == nil), "\(type.className).\(name)")
      guard let defaultValue, info.kind != .layer else { continue }
      let layer = type.init()
      var other = layer
      // Keras' None stands for an empty dictionary here.
      if name == "arguments" { continue }
      try other.set(name, to: defaultValue)
      #expect(layer.isEqual(to: other), "\(type.className).\(name)")
    }
  }

  /// Keras' `supports_masking`, and whether `call` takes a mask, of every layer.
  @Test func masksFlowAsInKeras() {
    let using: Set = [
      "BatchNormalization", "LSTM", "GRU", "SimpleRNN", "Bidirectional", "TimeDistributed",
      "GlobalAveragePooling1D", "Attention", "AdditiveAttention",
      "Softmax", "Lambda", "RNN", "ConvLSTM1D", "ConvLSTM2D",
      "MultiHeadAttention", "GroupQueryAttention",
    ]
    let passing: Set = [
      "Dense", "Activation", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
      "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity",
      "LayerNormalization", "Normalization", "Rescaling",
      "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum",
      "Concatenate", "ReLU", "LeakyReLU", "PReLU", "ELU", "GroupNormalization",
      "UnitNormalization",
    ]
    for type in LayerCatalog.types {
      let name = type.className
      switch type.init().masking {
      case .passes: #expect(passing.contains(name), "\(name)")
      case .uses: #expect(using.contains(name), "\(name)")
      case .makes: #expect(name == "Masking")
      case .ends: #expect(!passing.contains(name) && !using.contains(name), "\(name)")
      }
    }
  }

  /// Sizes from files may be anything: a layer answers or refuses, and never traps.
  @Test(arguments: classNames)
  func hostileShapesNeverTrap(className: String) throws {
    let type = try #require(LayerCatalog.type(named: className))
    let sizes: [Int?] = [nil, 0, 1, 3, largestSize, Int.max]
    for layer in variants(of: type) {
      for rank in [0, 1, 2, 3, 4, 5, 12] {
        for size in sizes {
          let shape = Shape(sizes: Array(repeating: size, count: rank))
          let other = Shape(sizes: Array(repeating: size, count: max(rank - 1, 0)))
          for inputs in [[], [shape], [shape, shape], [shape, other], [other, shape, shape]] {
            exercise(layer, inputs)
          }
          for last in sizes where rank > 1 {
            var mixed = shape
            mixed.axes[rank - 1].size = last
            exercise(layer, [mixed])
            exercise(layer, [mixed, shape])
          }
        }
      }
    }
  }

  /// The layer by default, and with each number set to its extremes.
  private func variants(of type: any Layer.Type) -> [any Layer] {
    var result: [any Layer] = [type.init()]
    for info in type.settingInfos {
      for value: ConfigValue in [
        0, 1, -1, .int(largestSize), .int(-largestSize), true, [0], [2, 1], [-1, -1],
        [.int(largestSize), .int(largestSize)], "same", "channels_first", nil,
      ] {
        var layer: any Layer = type.init()
        if (try? layer.set(info.key, to: value)) != nil { result.append(layer) }
      }
    }
    return result
  }

  private func exercise(_ layer: any Layer, _ inputs: [Shape]) {
    let weights = try? layer.weights(for: inputs)
    _ = layer.inputRoles(rank: inputs.first?.rank ?? 0)
    guard let outputs = try? layer.outputShapes(for: inputs) else { return }
    _ = layer.multiplyAdds(for: inputs, outputs: outputs)
    _ = layer.explanation(for: inputs, outputs: outputs)
    _ = layer.remarks(for: inputs)
    for shape in outputs {
      for case let size? in shape.sizes { #expect(size >= 0, "\(layer.className) \(inputs)") }
    }
    for weight in weights ?? [] {
      #expect(weight.shape.allSatisfy { $0 >= 0 }, "\(layer.className) \(inputs)")
    }
  }
}
