import Neural
import Testing

@testable import KerasFiles

@Suite struct KerasConfigTests {
  @Test func everyRandomModelIsWrittenAsKerasWroteIt() throws {
    for model in try Fixtures.randomModels() where !model.hidesLambda {
      let read = try KerasConfig.model(from: model.config)
      let differences = Fixtures.differences(model.config, KerasConfig.config(of: read))
      #expect(differences.isEmpty, "\(model.id): \(differences.prefix(3))")
    }
  }

  @Test func whatWasWrittenIsReadAsTheSame() throws {
    for model in try Fixtures.randomModels() {
      let written = KerasConfig.config(of: try KerasConfig.model(from: model.config))
      #expect(
        KerasConfig.config(of: try KerasConfig.model(from: written)) == written, "\(model.id)")
    }
  }

  @Test func everyRandomModelHasKerasShapesCountsAndOrder() throws {
    for model in try Fixtures.randomModels()
    where !model.hidesLambda && model.id != "functional-159" {
      let read = try KerasConfig.model(from: model.config)
      let json = try JSONReader.read(Array(summaryJSON(of: [read], main: 0).utf8))
      let ours = json["models"]?.listValue?.first ?? .null
      let differences = Fixtures.differences(model.entry["json"] ?? .null, ours)
      #expect(differences.isEmpty, "\(model.id): \(differences.prefix(3))")
    }
  }

  @Test func configsOfKeras2OpenWithTheirCounts() throws {
    for (name, expected) in try Fixtures.json("keras2/expected.json").objectValue ?? [:] {
      let model = try KerasConfig.model(from: try Fixtures.json("keras2/\(name)"))
      let rows = SummaryRows(of: model, showsMasks: false)
      #expect(
        expected["total_params"]?.intValue.map { rows.total.total == Count($0) } == true, "\(name)")
      #expect(
        expected["trainable_params"]?.intValue.map { rows.total.trainable == Count($0) } == true,
        "\(name)")
      #expect(expected["class_name"]?.stringValue == model.kind.rawValue, "\(name)")
      for layer in expected["layers"]?.listValue ?? [] {
        let parts = layer.listValue ?? []
        let found = rows.rows.contains { row in
          row.className == parts.first?.stringValue
            && parts.last?.intValue.map { row.parameters.total == Count($0) } == true
        }
        #expect(found, "\(name): \(layer)")
      }
    }
  }

  @Test func aLayerOfAnUnknownClassKeepsItsWholeConfig() throws {
    let layer: ConfigValue = [
      "module": "my_package.layers", "class_name": "Attention2", "registered_name": "my>Attention2",
      "config": ["name": "attend", "trainable": true, "heads": 3, "more": ["a": [1, 2.5, nil]]],
      "build_config": ["input_shape": [nil, 7, 3]],
    ]
    let model = try KerasConfig.model(from: stack([input, layer, dense("dense", units: 4)]))
    let written = KerasConfig.config(of: model)["config"]?["layers"]?.listValue ?? []
    #expect(written.count == 3 && written[1] == layer)
  }

  @Test func aKeyThatWeDoNotKnowIsWrittenBack() throws {
    var config = dense("dense", units: 4)["config"]?.objectValue ?? [:]
    config["lora_rank"] = 2
    let layer: ConfigValue = [
      "module": "keras.layers", "class_name": "Dense", "config": .object(config),
      "registered_name": nil,
    ]
    let written = KerasConfig.config(of: try KerasConfig.model(from: stack([input, layer])))
    let last = written["config"]?["layers"]?.listValue?.last
    #expect(last?["config"]?["lora_rank"] == 2)
  }

  @Test func aWrongSettingNamesTheLayerAndTheSetting() {
    let error = #expect(throws: ConfigError.self) {
      try KerasConfig.model(from: stack([input, dense("head", units: -3)]))
    }
    #expect(error?.message == "head: units: expected at least 1, found -3")
  }

  @Test func aTextThatIsNotJSONNamesLineAndColumn() {
    let error = #expect(throws: FileError.self) {
      try KerasConfig.read(Array("{\n  \"config\": [1, }\n".utf8), path: "m.json")
    }
    #expect(error?.description.hasPrefix("m.json:2:") == true)
  }
}

private let input: ConfigValue = [
  "module": "keras.layers", "class_name": "InputLayer",
  "config": ["batch_shape": [nil, 7, 3], "dtype": "float32", "name": "input_layer"],
  "registered_name": nil,
]

private func dense(_ name: String, units: ConfigValue) -> ConfigValue {
  [
    "module": "keras.layers", "class_name": "Dense",
    "config": ["name": .string(name), "trainable": true, "units": units], "registered_name": nil,
  ]
}

private func stack(_ layers: [ConfigValue]) -> ConfigValue {
  [
    "module": "keras", "class_name": "Sequential",
    "config": ["name": "sequential", "layers": .list(layers)], "registered_name": nil,
  ]
}
