import Neural
import Testing

@testable import KerasFiles

/// Configurations that attack whoever opens them: an error or an opaque layer, never more.
@Suite struct HostileConfigTests {
  private func read(_ text: String) throws(FileError) -> Model {
    try KerasConfig.read(Array(text.utf8), path: "m.json")
  }

  private func stack(_ layers: String, input: String = "[null, 7, 3]") -> String {
    """
    {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [
      {"module": "keras.layers", "class_name": "InputLayer",
       "config": {"batch_shape": \(input), "name": "i"}, "registered_name": null}, \(layers)]}}
    """
  }

  private func graph(_ layers: String, output: String) -> String {
    """
    {"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "f",
      "layers": [{"module": "keras.layers", "class_name": "InputLayer",
        "config": {"batch_shape": [null, 3], "name": "i"}, "name": "i", "inbound_nodes": []},
      \(layers)], "input_layers": ["i", 0, 0], "output_layers": \(output)}}
    """
  }

  private func dense(_ name: String, from source: String) -> String {
    """
    {"module": "keras.layers", "class_name": "Dense", "config": {"name": "\(name)", "units": 2},
     "name": "\(name)", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config":
       {"shape": [null, 3], "dtype": "float32", "keras_history": \(source)}}], "kwargs": {}}]}
    """
  }

  @Test(
    arguments: [
      #"{"module": "os", "class_name": "system", "config": {"command": "rm -rf /"}}"#,
      #"{"module": "builtins", "class_name": "eval", "config": {"source": "1"}}"#,
      #"{"module": "keras.utils", "class_name": "get_file", "config": {"origin": "http://x"}}"#,
      #"{"module": "keras.config", "class_name": "enable_unsafe_deserialization", "config": {}}"#,
      #"{"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}}"#,
      #"{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4wEAAA=="}}}}"#,
    ])
  func codeIsShownAsALayerAndNotRun(_ layer: String) throws {
    let model = try read(stack(layer))
    #expect(model.layers.count == 2)
    let table = try summaryText(of: model, style: .keras)
    #expect(table.contains("?"))
  }

  @Test(
    arguments: [
      "0", "-1", "1e400", "NaN", "1.5", "\"a\"", "null", "[]", "{}", "9223372036854775808",
      "4611686018427387904",
    ])
  func impossibleUnitsAreOneErrorThatNamesTheLayer(_ units: String) {
    let layer =
      #"{"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": \#(units)}}"#
    #expect(throws: FileError.self) { try read(stack(layer)) }
  }

  @Test func aTrillionUnitsShowTheirExactCount() throws {
    let layer =
      #"{"module": "keras.layers", "class_name": "LSTM", "config": {"name": "l", "units": 1000000000000}}"#
    let text = try summaryText(of: read(stack(layer)), style: .json)
    #expect(text.contains("\"params\": 4000000000016000000000000"))
  }

  @Test(
    arguments: [
      "[4194305, 4194305, 211106198978564]", "[4294967296, 4294967296]", "[-5, 3]", "[null]", "[]",
      "\"x\"", "{}", "[1.5]", "null",
    ])
  func everyInputShapeEndsInAnErrorOrATable(_ shape: String) {
    let layer = #"{"module": "keras.layers", "class_name": "Flatten", "config": {"name": "f"}}"#
    if let model = try? read(stack(layer, input: shape)) {
      _ = try? summaryText(of: model, style: .keras)
      _ = KerasConfig.write(model)
      _ = PythonWriter.script(for: model)
    }
  }

  @Test func circlesAndMissingLayersAreNamed() {
    let circle = graph(
      dense("a", from: #"["b", 0, 0]"#) + "," + dense("b", from: #"["a", 0, 0]"#),
      output: #"["b", 0, 0]"#)
    let error = #expect(throws: FileError.self) { try read(circle) }
    #expect(error?.message.contains("its inputs depend on its own output") == true)
    let missing = #expect(throws: FileError.self) {
      try read(graph(dense("a", from: #"["x", 0, 0]"#), output: #"["a", 0, 0]"#))
    }
    #expect(missing?.message.contains("takes the output of x") == true)
    for history in [#"["i", 7, 0]"#, #"["i", -1, 0]"#, #"["i", 0, -1]"#, "[1, 2, 3]", "null"] {
      #expect(throws: FileError.self) {
        try read(graph(dense("a", from: history), output: #"["a", 0, 0]"#))
      }
    }
  }

  @Test func anOutputThatALayerDoesNotHaveDoesNotEndTheProgram() throws {
    let model = try read(graph(dense("a", from: #"["i", 0, 9]"#), output: #"["a", 0, 5]"#))
    _ = try summaryText(of: model, style: .keras)
    _ = KerasConfig.write(model)
    _ = PythonWriter.script(for: model)
  }

  @Test func modelsNestedWithoutEndAreRefused() {
    var text = #"{"class_name": "Sequential", "config": {"name": "s", "layers": []}}"#
    for _ in 0..<30 {
      text = #"{"class_name": "Sequential", "config": {"name": "s", "layers": [\#(text)]}}"#
    }
    let error = #expect(throws: FileError.self) { try read(text) }
    #expect(error?.message.contains("nested more than") == true)
    let lists = String(repeating: "[", count: 100_000)
    #expect(throws: FileError.self) { try read(lists) }
  }

  @Test func aLongChainIsReadAndWritten() throws {
    var layers: [String] = []
    for index in 0..<2000 {
      layers.append(
        dense("d\(index)", from: index == 0 ? #"["i", 0, 0]"# : #"["d\#(index - 1)", 0, 0]"#))
    }
    // Backwards, so that each call is met before the one that it needs.
    let text = graph(layers.reversed().joined(separator: ","), output: #"["d1999", 0, 0]"#)
    let model = try read(text)
    #expect(KerasConfig.config(of: model)["config"]?["layers"]?.listValue?.count == 2001)
  }

  @Test(
    arguments: [
      "", "null", "3", "[]", "{}", "\"x\"", #"{"config": {}}"#, #"{"config": {"layers": 3}}"#,
      #"{"config": {"layers": [3]}}"#, #"{"config": {"layers": [{}]}}"#,
      #"{"config": {"layers": [{"class_name": 3}]}}"#,
      #"{"config": {"layers": [], "input_layers": []}}"#,
      #"{"class_name": "Functional", "config": {"layers": [], "input_layers": [[]], "output_layers": 3}}"#,
      #"{"class_name": "Sequential", "config": [{"class_name": "Bidirectional", "config": {}}]}"#,
      #"{"class_name": "Sequential", "config": [{"class_name": "Bidirectional", "config": {"layer": 3}}]}"#,
    ])
  func wrongTypesAreOneError(_ text: String) {
    #expect(throws: FileError.self) { try read(text) }
  }

  @Test func flippedAndCutFilesNeverEndTheProgram() throws {
    let models = try Fixtures.randomModels()
    var number: UInt64 = 88_172_645_463_325_252
    func random(_ bound: Int) -> Int {
      number ^= number << 13
      number ^= number >> 7
      number ^= number << 17
      return Int(number % UInt64(bound))
    }
    for _ in 0..<400 {
      var bytes = Array(JSONWriter.write(models[random(models.count)].config).utf8)
      for _ in 0...random(4) {
        bytes[random(bytes.count)] = Array(#"0123456789-.,:[]{}"nulltruefalse"#.utf8)[random(32)]
      }
      if random(5) == 0 { bytes.removeLast(random(bytes.count)) }
      guard let model = try? KerasConfig.read(bytes, path: "m.json") else { continue }
      _ = try? summaryText(of: model, style: .keras)
      _ = KerasConfig.write(model)
      _ = PythonWriter.script(for: model)
    }
  }
}
