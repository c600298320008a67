import Foundation
import Neural

@testable import KerasFiles

/// A `.keras` file that real Keras wrote (`make_keras_files.py`), what is put into its model, and
/// what comes out.
struct KerasFile: Sendable {
  var entry: ConfigValue
  var path: String
  /// The inputs in Keras' order, under the names of their layers.
  var inputs: [(name: String, tensor: Tensor)]
  /// The outputs in Keras' order.
  var outputs: [Tensor]

  var name: String { entry["name"]?.stringValue ?? "" }
  /// The class whose code is needed to compute the model; `nil`: it can be computed.
  var opaque: String? { entry["opaque"]?.stringValue }

  /// All files of a list, `NAME.json` and `NAME.bin` beside these tests.
  static func all(_ list: String = "keras-files") throws -> [KerasFile] {
    let json = try Fixtures.json(list + ".json")
    let bytes = [UInt8](
      try Data(contentsOf: Fixtures.folder.appendingPathComponent(list + ".bin")))
    var numbers = bytes.withUnsafeBytes { $0.bindMemory(to: Float.self).map { $0 } }[...]
    func tensor(_ sizes: ConfigValue?) -> Tensor {
      let sizes = sizes?.listValue?.compactMap(\.intValue) ?? []
      let values = Array(numbers.prefix(sizes.reduce(1, *)))
      numbers = numbers.dropFirst(values.count)
      return Tensor(sizes, values)
    }
    return (json["files"]?.listValue ?? []).map { entry in
      let inputs = (entry["inputs"]?.listValue ?? []).map { input in
        (name: input.listValue?.first?.stringValue ?? "", tensor: tensor(input.listValue?.last))
      }
      let outputs = (entry["outputs"]?.listValue ?? []).map { tensor($0) }
      let name = entry["name"]?.stringValue ?? ""
      return KerasFile(
        entry: entry,
        path: Fixtures.folder.appendingPathComponent("\(list)/\(name).keras").path,
        inputs: inputs, outputs: outputs)
    }
  }

  /// The file's model as it opens here.
  func opened() async throws -> ModelFile.Entry {
    let file = try await ModelFile.open(path)
    return file.models[file.main]
  }

  /// What a model and its weights make of the inputs.
  func predict(_ model: Model, _ weights: ModelWeights) throws -> [Tensor] {
    var options = PassOptions()
    options.keepsEverything = false
    return try model.pass(on: inputs.map(\.tensor), weights: weights, options: options).outputs
  }

  /// What is wrong with a model's outputs, and how far numbers are apart at most, relative to
  /// 1 + |x|.
  func differences(_ found: [Tensor]) -> (problems: [String], largest: Float) {
    guard found.map(\.sizes) == outputs.map(\.sizes) else {
      return (["sizes \(found.map(\.sizes)), Keras \(outputs.map(\.sizes))"], 0)
    }
    var problems: [String] = []
    var largest: Float = 0
    for (index, (output, wanted)) in zip(found, outputs).enumerated() {
      let apart = zip(output.values, wanted.values).map { abs($0 - $1) / (1 + abs($1)) }
      let most = apart.contains(where: \.isNaN) ? .infinity : apart.max() ?? 0
      largest = max(largest, most)
      if most > tolerance { problems.append("output \(index): \(most) apart") }
    }
    return (problems, largest)
  }

  /// Keras computes in the precision of a layer's policy; we compute in 32 bits throughout.
  private var tolerance: Float {
    let policy = name.hasPrefix("policy-") && name != "policy-double"
    return policy ? 1e-2 : 1e-5
  }
}
