import Foundation
import Neural
import OrderedCollections

/// The tables that real Keras made, beside the tests.
enum KerasTables {
  private static let tests = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What Keras makes of random settings and inputs; another file by `UNROLL_LAYER_SHAPES`.
  static func layerShapes() throws -> [LayerCase] {
    let path = ProcessInfo.processInfo.environment["UNROLL_LAYER_SHAPES"]
    let urls = try path.map { [URL(filePath: $0)] } ?? tables("layer-shapes")
    return try urls.flatMap { url in
      let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
      let cases = (table as? [String: Any])?["cases"] as? [[Any]] ?? []
      return cases.compactMap(LayerCase.init)
    }
  }

  /// The tables of a kind: `NAME.json`, and one for each family of layers, `NAME-FAMILY.json`.
  static func tables(_ name: String) throws -> [URL] {
    let folder = tests.appending(path: "NeuralTests/Fixtures")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasPrefix(name) && $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// What Keras makes of random operations; another file by `UNROLL_OPERATION_SHAPES`.
  static func operationShapes() throws -> [OperationCase] {
    let path = ProcessInfo.processInfo.environment["UNROLL_OPERATION_SHAPES"]
    let url =
      path.map { URL(filePath: $0) }
      ?? tests.appending(path: "NeuralTests/Fixtures/operation-shapes.json")
    let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let cases = (table as? [String: Any])?["cases"] as? [[Any]] ?? []
    return cases.compactMap(OperationCase.init)
  }

  /// Constructors and configurations of Keras' layers.
  static func layerSettings() throws -> [LayerSettings] {
    let url = tests.appending(path: "KerasFilesTests/Fixtures/layer-settings.json")
    let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let layers = (table as? [String: Any])?["layers"] as? [[String: Any]] ?? []
    return layers.compactMap(LayerSettings.init)
  }
}

/// A layer on inputs, and what Keras makes of it.
struct LayerCase {
  var className: String
  var config: ConfigValue
  var inputs: [Shape]
  /// `nil` where Keras refuses.
  var expected: Expected?

  struct Expected {
    var outputs: [[Int?]]
    var weights: [Weight]
  }

  struct Weight: Equatable {
    var name: String
    var shape: [Int]
    var isTrainable: Bool
  }

  init?(_ json: [Any]) {
    guard json.count == 4, let className = json[0] as? String, let inputs = json[2] as? [[Any]]
    else { return nil }
    self.className = className
    config = ConfigValue(json: json[1])
    self.inputs = inputs.map { Shape(sizes: $0.map { $0 as? Int }) }
    guard let expected = json[3] as? [String: Any] else { return }
    let outputs = expected["outputs"] as? [[Any]] ?? []
    let weights = expected["weights"] as? [[Any]] ?? []
    self.expected = Expected(
      outputs: outputs.map { $0.map { $0 as? Int } },
      weights: weights.compactMap { weight in
        guard let name = weight[0] as? String, let shape = weight[1] as? [Int],
          let isTrainable = weight[2] as? Bool
        else { return nil }
        return Weight(name: name, shape: shape, isTrainable: isTrainable)
      })
  }
}

/// What Keras' constructor takes and what its configuration says.
struct LayerSettings {
  var className: String
  var aliases: [String]
  /// The parameters in order, without the rest (`**kwargs`).
  var parameters: [(name: String, defaultValue: ConfigValue?)]
  var config: OrderedDictionary<String, ConfigValue>

  init?(_ json: [String: Any]) {
    guard let className = json["class_name"] as? String,
      let parameters = json["parameters"] as? [[String: Any]]
    else { return nil }
    self.className = className
    aliases = json["aliases"] as? [String] ?? []
    config = ConfigValue(json: json["config"] ?? NSNull()).objectValue ?? [:]
    self.parameters = parameters.compactMap { parameter in
      guard let name = parameter["name"] as? String,
        parameter["kind"] as? String != "variadic keyword"
      else { return nil }
      return (name, parameter["default"].map { ConfigValue(json: $0) })
    }
  }
}

extension ConfigValue {
  /// A value that Foundation read.
  init(json: Any) {
    switch json {
    case let number as NSNumber where isTruthValue(number): self = .bool(number.boolValue)
    case let number as Int: self = .int(number)
    case let number as Double: self = .double(number)
    case let text as String: self = .string(text)
    case let list as [Any]: self = .list(list.map { ConfigValue(json: $0) })
    case let object as [String: Any]:
      self = .object(
        OrderedDictionary(
          uniqueKeysWithValues: object.map { ($0.key, ConfigValue(json: $0.value)) }))
    default: self = .null
    }
  }
}

/// Whether Foundation read `true` or `false`, not 1 or 0.
private func isTruthValue(_ number: NSNumber) -> Bool {
  String(cString: number.objCType) == "c"
}
