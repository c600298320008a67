import Foundation
import Neural

@testable import KerasFiles

/// What real Keras made and said, beside these tests.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func json(_ path: String) throws -> ConfigValue {
    try JSONReader.read([UInt8](Data(contentsOf: folder.appendingPathComponent(path))))
  }

  /// One of the models that `make_random_models.py` made.
  struct RandomModel {
    var id: String
    var entry: ConfigValue
    var tags: Set<String>
    var config: ConfigValue { entry["config"] ?? .null }

    /// Whether the shape of a Lambda is nowhere in its config.
    var hidesLambda: Bool { tags.contains("lambda-inferred") }

    /// Whether a layer is also called outside the model, which a config does not tell: tables
    /// count those calls.
    var isCalledOutside: Bool {
      ["functional-71", "functional-159", "functional-169", "functional-239", "functional-241"]
        .contains(id)
    }
  }

  static func randomModels() throws -> [RandomModel] {
    try (json("random-models.json")["models"]?.listValue ?? []).map { entry in
      RandomModel(
        id: entry["id"]?.stringValue ?? "", entry: entry,
        tags: Set(entry["tags"]?.listValue?.compactMap(\.stringValue) ?? []))
    }
  }

  /// Where two values differ; numbers may differ by what 32 bits lose.
  static func differences(_ a: ConfigValue, _ b: ConfigValue, at path: String = "") -> [String] {
    switch (a, b) {
    case (.object(let x), .object(let y)):
      let keys = Set(x.keys).union(y.keys).sorted()
      return keys.flatMap { key -> [String] in
        guard let p = x[key], let q = y[key] else { return ["\(path).\(key): only in one"] }
        return differences(p, q, at: "\(path).\(key)")
      }
    case (.list(let x), .list(let y)):
      guard x.count == y.count else { return ["\(path): \(x.count) and \(y.count) elements"] }
      return zip(x, y).enumerated().flatMap { differences($1.0, $1.1, at: "\(path)[\($0)]") }
    default:
      if a == b { return [] }
      if let p = a.doubleValue, let q = b.doubleValue, abs(p - q) <= 1e-6 * max(1, abs(p)) {
        return []
      }
      return ["\(path): \(a.shortDescription) and \(b.shortDescription)"]
    }
  }
}
