import Foundation
import Neural
import OrderedCollections
import Testing

@testable import KerasFiles

/// The arguments of `compile` as Keras writes them into files.
@Suite struct CompilationConfigTests {
  private struct Entry {
    var model: Model
    var config: ConfigValue
  }

  /// `make_compile_configs.py`.
  private static func entries() throws -> [Entry] {
    let url = Fixtures.folder.appendingPathComponent("compile-configs.json")
    let list = try JSONReader.read(Array(Data(contentsOf: url))).listValue ?? []
    return list.map { entry in
      var model = Model(name: "model", kind: .functional)
      let input = model.addInput(NamedLayer("x", InputLayer(batchShape: [nil, 2])))
      for name in ["b", "a"].prefix(entry["outputs"]?.intValue ?? 1) {
        let layer = model.addLayer(NamedLayer(name, Dense()))
        model.outputs.append(TensorRef(model.call(layer, on: [input])))
      }
      return Entry(model: model, config: entry["config"] ?? .null)
    }
  }

  @Test func whatKerasWroteIsReadAndWrittenAgain() throws {
    for (index, entry) in try Self.entries().enumerated() where entry.model.outputs.count == 1 {
      let compilation = try Compilation(config: entry.config, for: entry.model)
      let again = try Compilation(config: compilation.config, for: entry.model)
      #expect(again == compilation, "\(index)")
      // How it is compiled is no part of how it is trained.
      var expected = entry.config.objectValue ?? [:]
      expected["run_eagerly"] = false
      expected["steps_per_execution"] = 1
      expected["jit_compile"] = true
      let text = JSONWriter.write(compilation.config, indent: nil)
      let functions = JSONWriter.write(.object(expected), indent: nil).contains("\"function\"")
      let weight = expected["loss_weights"]?.isNull == false
      if !functions, !weight {
        #expect(text == JSONWriter.write(.object(expected), indent: nil), "\(index)")
      }
    }
  }

  @Test func whatKerasWroteStaysAsItIs() throws {
    for entry in try Self.entries() {
      let arguments = try #require(entry.config.objectValue)
      let written = Compilation.config(arguments)
      #expect(
        JSONWriter.write(written, indent: nil) == JSONWriter.write(entry.config, indent: nil))
      _ = try Compilation(config: entry.config, for: entry.model)
    }
  }

  @Test func severalOutputsComeBack() throws {
    for entry in try Self.entries() where entry.model.outputs.count == 2 {
      let compilation = try Compilation(config: entry.config, for: entry.model)
      let again = try Compilation(config: compilation.config, for: entry.model)
      #expect(again == compilation)
    }
  }

  @Test func wordsStayWordsAndObjectsAreWhole() {
    let written = Compilation.config([
      "loss": "mse",
      "metrics": ["acc", ["module": "keras.metrics", "class_name": "AUC", "config": [:]]],
    ])
    #expect(written["loss"] == "mse")
    #expect(written["metrics"]?.listValue?.first == "acc")
    #expect(written["metrics"]?.listValue?.last?["config"]?["num_thresholds"] == 200)
    #expect(written["optimizer"]?["class_name"] == "RMSprop")
    #expect(written["optimizer"]?["config"]?["learning_rate"]?.doubleValue == Double(Float(0.001)))
    #expect(written["jit_compile"] == true)
  }
}
