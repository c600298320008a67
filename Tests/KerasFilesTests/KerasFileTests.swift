import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Files of every kind that real Keras 3.15 wrote (`make_keras_files.py`): they open, give Keras'
/// numbers, and keep all that stands in their configs.
@Suite struct KerasFileTests {
  /// Files whose models cannot be computed here, with what is said of them.
  private static let refused = [
    "lambda-function": "Lambda", "own-layer": "Attend",
    "own-layer-in-graph": "Attend", "own-wrapper": "Wrap", "own-layer-in-wrapper": "Twice",
    "own-functions": "own_activation", "without-shape": "takes 1 input",
  ]

  @Test func everyFileGivesTheNumbersThatKerasGives() async throws {
    let files = try KerasFile.all()
    var computed = 0
    for file in files {
      let entry = try await file.opened()
      do {
        let weights = try entry.stored?.loaded() ?? ModelWeights()
        let problems = file.differences(try file.predict(entry.model, weights)).problems
        #expect(problems.isEmpty, "\(file.name): \(problems)")
        #expect(Self.refused[file.name] == nil, "\(file.name) is computed")
        computed += 1
      } catch {
        let word = try #require(Self.refused[file.name], "\(file.name): \(error)")
        #expect("\(error)".contains(word), "\(file.name): \(error)")
      }
    }
    #expect(computed >= 133)
  }

  @Test func layersAndCountsAreThoseOfKeras() async throws {
    for file in try KerasFile.all() where Self.refused[file.name] == nil {
      let model = try await file.opened().model
      let json = try JSONReader.read(Array(summaryJSON(of: [model], main: 0).utf8))
      let found = (json["models"]?.listValue?.first?["layers"]?.listValue ?? []).map { layer in
        ConfigValue.list([layer["class_name"] ?? .null, layer["params"] ?? .null])
      }
      #expect(.list(found) == file.entry["layers"], "\(file.name)")
      let names = model.inputs.map { model.layer(of: $0.node)?.name ?? "" }
      #expect(names == file.inputs.map(\.name), "\(file.name)")
    }
  }

  @Test func allThatAConfigSaysIsWrittenBack() async throws {
    for file in try KerasFile.all() {
      let before = try file.config()
      let after = KerasConfig.config(of: try KerasConfig.model(from: before))
      let lost = Fixtures.differences(Self.plain(before), Self.plain(after))
      #expect(lost.isEmpty, "\(file.name): \(lost.prefix(4))")
    }
  }

  @Test func whatIsNotKnownHereIsWrittenBackAsItWas() async throws {
    for file in try KerasFile.all() {
      let before = try file.config()
      let after = KerasConfig.config(of: try KerasConfig.model(from: before))
      let (old, new) = (Self.objects(in: before), Self.objects(in: after))
      for (name, layer) in try KerasConfig.model(from: before).opaqueLayers {
        let texts = [old[name], new[name]].map { $0.map { JSONWriter.write($0, indent: nil) } }
        #expect(texts[0] != nil && texts[0] == texts[1], "\(file.name): \(layer.className)")
      }
    }
  }

  /// A config without what is written in another way and means the same: numbers under which
  /// Keras finds objects again that several layers share, arguments of calls that say what holds
  /// anyway, the types of tensors behind layers that are not known here, and the factor that
  /// Keras itself forgets to write of an `Identity`.
  private static func plain(_ value: ConfigValue) -> ConfigValue {
    switch value {
    case .list(let elements): return .list(elements.map(plain))
    case .object(var members):
      members["shared_object_id"] = nil
      if members["class_name"] == "__keras_tensor__", var config = members["config"]?.objectValue {
        config["dtype"] = nil
        return .object(config)
      }
      if members["class_name"] == "Identity", members["module"] == "keras.initializers" {
        members["config"] = nil
      }
      if members["args"] != nil, var keywords = members["kwargs"]?.objectValue {
        if keywords["training"] == false { keywords["training"] = nil }
        let masks = keywords["mask"]
        if masks?.isNull == true || masks?.listValue?.allSatisfy(\.isNull) == true {
          keywords["mask"] = nil
        }
        members["kwargs"] = .object(keywords)
      }
      return .object(members.mapValues(plain))
    default: return value
    }
  }

  /// The configs of all layers by name.
  private static func objects(in value: ConfigValue) -> [String: ConfigValue] {
    switch value {
    case .list(let elements):
      return elements.reduce(into: [:]) { $0.merge(objects(in: $1)) { first, _ in first } }
    case .object(let members):
      var result = members.values.reduce(into: [String: ConfigValue]()) {
        $0.merge(objects(in: $1)) { first, _ in first }
      }
      if members["class_name"] != nil, let name = members["config"]?["name"]?.stringValue {
        result[name] = members["config"]
      }
      return result
    default: return [:]
    }
  }
}

extension KerasFile {
  /// The config in the archive.
  fileprivate func config() throws -> ConfigValue {
    let archive = try ZipReader(OpenedFile(path), remedy: "")
    let listing = try archive.listings { $0 == "config.json" }
    return try JSONReader.read(archive.bytes(of: listing[0]))
  }
}

extension Model {
  /// The layers and operations of unknown classes, by name.
  var opaqueLayers: [(String, any OpaqueNode)] {
    layers.values.compactMap { layer in
      (layer.layer as? any OpaqueNode).map { (layer.name, $0) }
    }
  }
}
