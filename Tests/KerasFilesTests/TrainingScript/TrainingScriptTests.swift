import Foundation
import Neural
import Testing

@testable import KerasFiles

@Suite struct TrainingScriptTests {
  private static let head = "import keras\nfrom keras import layers\n"

  private func script(
    _ text: String, config: ConfigValue? = nil, start: TrainingScript.Start? = nil,
    data: [String] = [], targetSizes: [[Int]] = [], path: String = "train.py"
  ) async throws -> TrainingScript {
    let read = try await PythonScript(reading: Array((Self.head + text).utf8))
    let model = read.models[read.main]
    let said = model.compileArguments.isEmpty ? nil : ConfigValue.object(model.compileArguments)
    return TrainingScript(
      model.model, path: path, compileConfig: config ?? said, start: start, data: data,
      targetSizes: targetSizes)
  }

  /// What stands between two lines that begin so, the first one included.
  private func part(_ source: String, from first: String, to last: String) throws -> String {
    let start = try #require(source.firstRange(of: "\n" + first)).lowerBound
    let rest = source[start...]
    let end = try #require(rest.firstRange(of: "\n" + last)).lowerBound
    return rest[..<end].trimmingCharacters(in: .newlines)
  }

  @Test func theModelStandsInAFunctionAsAnEngineerWouldWriteIt() async throws {
    let script = try await script(
      """
      model = keras.Sequential([keras.Input((12, 4), name="series"),
        layers.Bidirectional(layers.LSTM(8, return_sequences=True, recurrent_dropout=0.25)),
        layers.GlobalMaxPooling1D(), layers.Dense(1, activation="sigmoid")])
      model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
      """)
    #expect(
      try part(script.source, from: "def build_model", to: "def demo_arrays") == """
        def build_model():
            \"""Makes the model.\"""
            model = keras.Sequential([
                keras.Input((12, 4), name="series"),
                layers.Bidirectional(
                    layers.LSTM(8, recurrent_dropout=0.25, return_sequences=True)
                ),
                layers.GlobalMaxPooling1D(),
                layers.Dense(1, activation="sigmoid"),
            ])
            return model


        def compile_model(model, learning_rate=None):
            \"""Says how the model is trained.\"""
            if learning_rate is None:
                learning_rate = 0.001
            model.compile(
                optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
                loss="binary_crossentropy",
                metrics=["accuracy"],
            )
        """)
    #expect(
      try part(script.source, from: "INPUTS", to: "def build_model") == """
        INPUTS = {"series": ((12, 4), "float32")}
        TARGETS = {"dense": ((1,), "float32")}
        """)
    #expect(script.remarks.isEmpty)
  }

  @Test func aModelThatSaysNoLossGetsOneThatSuitsIt() async throws {
    func compiled(_ activation: String, _ sizes: [[Int]] = []) async throws -> String {
      let script = try await script(
        """
        model = keras.Sequential(
          [keras.Input((5,)), layers.Dense(3, activation=\(activation))])
        """, targetSizes: sizes)
      #expect(script.remarks.count == 1)
      #expect(script.source.contains("# The model's file says no loss"))
      return try part(script.source, from: "def compile_model", to: "def demo_arrays")
    }
    #expect(try await compiled("None").contains("loss=\"mse\""))
    #expect(try await compiled("'sigmoid'").contains("loss=\"binary_crossentropy\","))
    let classes = try await compiled("'softmax'")
    #expect(classes.contains("loss=\"sparse_categorical_crossentropy\","))
    #expect(classes.contains("for one-hot ones: categorical_crossentropy"))
    let oneHot = try await compiled("'softmax'", [[100, 3]])
    #expect(oneHot.contains("loss=\"categorical_crossentropy\","))
    #expect(try await compiled("'softmax'", [[100]]).contains("loss=\"sparse_"))
  }

  @Test func classNumbersAreATargetOfTheirOwnShape() async throws {
    let script = try await script(
      """
      model = keras.Sequential([keras.Input((None,), dtype="int32", name="words"),
        layers.Embedding(50, 8), layers.LSTM(6, return_sequences=True),
        layers.Dense(7, activation="softmax", name="tags")])
      """)
    #expect(script.source.contains(#"INPUTS = {"words": ((None,), "int32")}"#))
    #expect(script.source.contains(#"TARGETS = {"tags": ((None,), "int32")}"#))
    #expect(script.source.contains("rng.integers(50, size=(samples, 8)),"))
    #expect(script.source.contains("rng.integers(7, size=(samples, 8)),"))
  }

  @Test func listsAndDictionariesAreFedAsTheModelTakesThem() async throws {
    let towers = """
      a = keras.Input((4, 3), name="a")
      b = keras.Input((2,), name="b")
      merged = layers.concatenate([layers.LSTM(5)(a), b])
      x = layers.Dense(1, name="x")(merged)
      y = layers.Dense(2, name="y")(merged)

      """
    let lists = try await script(towers + "model = keras.Model([a, b], [x, y])\n")
    #expect(lists.source.contains("        return inputs, targets\n"))
    #expect(lists.source.contains("loss=[\"mse\", \"mse\"],"))
    let one = try await script(towers + "model = keras.Model([a, b], x)\n")
    #expect(one.source.contains("        return inputs, targets[0]\n"))
  }

  @Test func filesAreNamedFromTheScriptsFolder() async throws {
    let model = "model = keras.Sequential([keras.Input((5,)), layers.Dense(3)])\n"
    let source = try await script(
      model, start: .init(weights: "models/m.keras"), data: ["x.npy", "/data/y.npy"],
      path: "out/scripts/train.py"
    ).source
    #expect(source.contains(#"default=[HERE / "../../x.npy", Path("/data/y.npy")],"#))
    #expect(source.contains(#"default=HERE / "../../models/m.keras","#))
    let beside = try await script(
      model, start: .init(weights: "./models/../m.keras", hasOptimizer: true), data: []
    ).source
    #expect(beside.contains(#"default=HERE / "m.keras","#))
    let built = try #require(beside.firstRange(of: "model.optimizer.build(")).lowerBound
    let loaded = try #require(beside.firstRange(of: "load_weights(model, args.weights)")).lowerBound
    #expect(built < loaded, "the optimizer is there before its state is loaded")
  }

  @Test func aBatchThatTheModelFixesIsNoArgument() async throws {
    let source = try await script(
      """
      model = keras.Sequential([keras.Input((5, 2), batch_size=8),
        layers.LSTM(4, stateful=True, name="it goes on"), layers.Dense(1)])
      """
    ).source
    #expect(!source.contains("--batch-size"))
    #expect(source.contains("    batch_size = 8\n"))
    #expect(source.contains("while 8 % len(devices):"))
    #expect(source.contains(#"self.model.get_layer("it goes on").reset_state()"#))
    #expect(!source.contains("rng.permutation"))
  }

  @Test func aModelWithoutAShapeTakesThatOfItsData() async throws {
    let script = try await script("model = keras.Sequential([layers.LSTM(4), layers.Dense(1)])\n")
    #expect(script.source.contains("model.build((None, *shape))"))
    #expect(script.source.contains("model = build_model(arrays[0].shape[1:])"))
    #expect(!script.source.contains("--demo"))
    #expect(script.remarks.contains { $0.contains("no input shape") })
  }

  /// Every script is Python, imports what it uses, and has no line that formatters would break.
  @Test func everyScriptIsPythonThatImportsWhatItUses() async throws {
    let checker = """
      import ast, sys
      for text in sys.stdin.read().split("\\0"):
          tree = ast.parse(text)
          names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
          for node in ast.walk(tree):
              if isinstance(node, (ast.Import, ast.ImportFrom)):
                  for alias in node.names:
                      name = (alias.asname or alias.name).split(".")[0]
                      assert name in names, name + " is not used"
          for line in text.splitlines():
              assert line == line.rstrip(), "blanks at the end of: " + line
          assert text.endswith("\\n") and not text.endswith("\\n\\n")
      """
    var sources: [String] = []
    for (index, random) in try Fixtures.randomModels().enumerated() where index % 8 == 0 {
      let model = try KerasConfig.model(from: random.config)
      sources.append(
        TrainingScript(
          model, path: "train.py", compileConfig: model.extra["compile_config"],
          start: index % 16 == 0 ? .init(weights: "m \"x\".keras") : nil,
          data: index % 24 == 0 ? ["x\\y.npy"] : []
        ).source)
    }
    sources.append(
      try await script(
        "model = keras.Sequential([keras.Input((5,), name='50 % x'), layers.Dense(3)],"
          + " name='a \\\"\\\"\\\" b \\\\')\n", path: "my script.py"
      ).source)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-I", "-c", checker]
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardError = errors
    try process.run()
    input.fileHandleForWriting.write(Data(sources.joined(separator: "\0").utf8))
    try input.fileHandleForWriting.close()
    let said = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
  }
}
