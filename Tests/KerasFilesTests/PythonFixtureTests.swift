import Foundation
import KerasFiles
import Neural
import OrderedCollections
import Testing

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("Fixtures")

private func config(_ path: String) throws -> ConfigValue {
  try JSONReader.read([UInt8](Data(contentsOf: folder.appendingPathComponent(path))))
}

private func open(_ path: String, set: ConfigValue? = nil) async throws -> PythonScript {
  var settings: OrderedDictionary<String, String> = [:]
  for (name, value) in set?.objectValue ?? [:] { settings[name] = JSONWriter.write(value) }
  let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  return try await PythonScript(reading: bytes, settings: settings)
}

/// A model's layers as the fixtures list them: class, output shapes, parameters.
private func layers(of model: Model) -> ConfigValue {
  let analysis = Analysis(of: model)
  let order = model.kind == .sequential ? Array(model.layers.keys) : KerasOrder(model).layers
  var rows: [ConfigValue] = []
  for id in order {
    guard let layer = model.layers[id], !layer.layer.isOperation,
      model.kind == .functional || layer.className != "InputLayer"
    else { continue }
    let outputs = model.calls(of: id).last.flatMap { analysis.reports[$0]?.outputs } ?? []
    let shapes = outputs.map { ConfigValue.list($0.sizes.map { $0.map { .int($0) } ?? .null }) }
    rows.append([
      .string(layer.className), shapes.count == 1 ? shapes[0] : .list(shapes),
      .int(Int(analysis.parameters[id]?.total.value ?? 0)),
    ])
  }
  return .list(rows)
}

/// Scripts as people write them, against what real Keras made of them
/// (`make_script_expectations.py`).
@Suite struct PythonFixtureTests {
  @Test func everyScriptOpensWithTheLayersThatKerasMakes() async throws {
    for (name, expected) in try config("scripts/expected.json").objectValue ?? [:] {
      let script = try await open("scripts/\(name)", set: expected["set"])
      let order = expected["order"]?.listValue?.compactMap(\.stringValue) ?? []
      #expect(script.models.count == order.count, "\(name)")
      for (index, (model, key)) in zip(script.models, order).enumerated() {
        #expect(key == String(index) || model.variable == key, "\(name)")
        let wanted = expected["models"]?[key]
        #expect(layers(of: model.model) == wanted?["layers"], "\(name): \(key)")
        let total = Analysis(of: model.model).total
        #expect(wanted?["total_params"]?.intValue.map { total.total == Count($0) } == true)
        #expect(wanted?["trainable_params"]?.intValue.map { total.trainable == Count($0) } == true)
      }
      let main = expected["main"]?.stringValue ?? ""
      #expect(script.models[script.main].variable == main || main == String(script.main), "\(name)")
    }
  }

  @Test func everyBadScriptIsRefusedWithItsPlaceAndRemedy() async throws {
    for (name, expected) in try config("scripts/bad/expected.json").objectValue ?? [:] {
      let error = await #expect(throws: ScriptError.self, "\(name)") {
        try await open("scripts/bad/\(name)")
      }
      var lines = expected["other_lines"]?.listValue?.map(\.intValue) ?? []
      lines.append(expected["line"]?.intValue)
      #expect(lines.contains(error?.location?.line), "\(name): \(error?.description ?? "")")
      for word in expected["words"]?.listValue?.compactMap(\.stringValue) ?? [] {
        #expect(
          error?.description.lowercased().contains(word.lowercased()) == true, "\(name): \(word)")
      }
    }
  }

  @Test func scriptsThatKerasRefusesAreRefusedAtTheSameLine() async throws {
    for model in try config("random-models.json")["refused"]?.listValue ?? [] {
      let bytes = Array((model["script"]?.stringValue ?? "").utf8)
      let error = await #expect(throws: ScriptError.self, "\(model["id"]?.description ?? "")") {
        try await PythonScript(reading: bytes)
      }
      #expect(error?.location?.line == model["line"]?.intValue, "\(model["id"]?.description ?? "")")
    }
  }

  /// Scripts whose nodes of masks, or whose frozen wrappers, other tests look at.
  private static let lookedAtElsewhere: Set<String> = ["mask", "frozen", "unbuilt"]

  /// Keras shows the shape of a shared layer's last call there, which is no part of the model.
  private static let calledOutside = "functional-159"

  @Test func randomScriptsGiveTheNamesShapesAndCountsOfKeras() async throws {
    for entry in try config("random-models.json")["models"]?.listValue ?? [] {
      let tags = Set(entry["tags"]?.listValue?.compactMap(\.stringValue) ?? [])
      let id = entry["id"]?.stringValue ?? ""
      guard tags.isDisjoint(with: Self.lookedAtElsewhere), id != Self.calledOutside else {
        continue
      }
      let script = try await PythonScript(
        reading: Array((entry["script"]?.stringValue ?? "").utf8))
      let model = script.models[script.main].model
      let wanted = entry["json"]?["layers"]?.listValue ?? []
      let names = model.kind == .sequential ? Array(model.layers.keys) : KerasOrder(model).layers
      let found = names.compactMap { model.layers[$0] }.filter {
        !$0.layer.isOperation && (model.kind == .functional || $0.className != "InputLayer")
      }
      #expect(found.map(\.name) == wanted.compactMap { $0["name"]?.stringValue }, "\(id)")
      let rows = wanted.map { row -> ConfigValue in
        let shapes = row["output_shapes"]?.listValue ?? []
        return [
          row["class_name"] ?? .null, shapes.count == 1 ? shapes[0] : .list(shapes),
          row["params"] ?? .null,
        ]
      }
      #expect(layers(of: model) == .list(rows), "\(id)")
    }
  }
}
