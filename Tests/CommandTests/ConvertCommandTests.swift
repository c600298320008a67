import Foundation
import Testing

@Suite struct ConvertCommandTests {
  private let scratch: Scratch
  private let script: String

  init() throws {
    scratch = try Scratch()
    script = try scratch.file(
      "model.py",
      """
      from keras import Input, Sequential
      from keras.layers import LSTM, Bidirectional, Dense
      # Precious words of a person.
      model = Sequential([Input((6, 3)), Bidirectional(LSTM(4)), Dense(1, activation="sigmoid")])
      model.compile("sgd", "binary_crossentropy")

      """)
  }

  private func convert(_ arguments: String...) throws -> Command {
    try Command(arguments: ["convert"] + arguments)
  }

  private func path(_ name: String) -> String { scratch.path + "/" + name }

  private func summary(_ file: String) throws -> String {
    let command = try Command("summary", "--style", "json", file)
    #expect(command.status == 0, "\(command.errors)")
    return command.output
  }

  private func prediction(_ file: String, _ more: String...) throws -> String {
    let command = try Command(
      arguments: ["predict", file, "--input", "random", "3"] + more)
    #expect(command.status == 0, "\(command.errors)")
    return command.output
  }

  private func bytes(_ file: String) -> Data? { FileManager.default.contents(atPath: file) }

  @Test func everyKindBecomesEveryOther() throws {
    let first = path("first.keras")
    let made = try convert(script, first, "--seed", "5")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.isEmpty)
    #expect(made.errors == "unroll: no weights in model.py: initialised with seed 5\n")
    #expect(try prediction(first) == prediction(script, "--seed", "5"))
    let wanted = try (summary(first), prediction(first))
    for (index, from) in ["keras", "h5", "json", "py"].enumerated() {
      let source = path("source.\(from)")
      #expect(try convert(first, source).status == 0)
      let hasWeights = index < 2
      for to in ["keras", "h5", "json", "py"] {
        let target = path("\(from)-as.\(to)")
        let command = try convert(source, target)
        #expect(command.status == 0, "\(from) → \(to): \(command.errors)")
        #expect(try summary(target) == wanted.0, "\(from) → \(to)")
        if hasWeights, to == "keras" || to == "h5" {
          #expect(command.errors.isEmpty, "\(command.errors)")
          #expect(try prediction(target) == wanted.1, "\(from) → \(to)")
        } else if hasWeights {
          #expect(
            command.errors
              == "unroll: \(target): the model without its weights: a .keras file holds both\n")
        }
      }
    }
  }

  @Test func weightsAloneGoOutAndComeBack() throws {
    let model = path("m.keras")
    _ = try convert(script, model, "--seed", "7")
    for name in ["m.weights.h5", "m.npz"] {
      let out = try convert(model, path(name))
      #expect(out.status == 0, "\(out.errors)")
      #expect(out.errors.contains("the weights alone"), "\(out.errors)")
      let back = path("back.keras")
      let command = try convert(script, back, "--weights", path(name))
      #expect(command.status == 0, "\(command.errors)")
      #expect(command.errors.isEmpty, "\(command.errors)")
      #expect(try prediction(back) == prediction(model))
    }
    let none = try convert(script, path("none.weights.h5"))
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("unroll: \(script): has no weights to write; --weights FILE"))
    let alone = try convert(path("m.weights.h5"), path("x.keras"))
    #expect(alone.status == 2)
    #expect(alone.errors.contains("holds weights alone; name the model"), "\(alone.errors)")
  }

  @Test func aScriptThatStoodThereIsKept() throws {
    let model = path("m.keras")
    _ = try convert(script, model)
    let before = bytes(script)
    let command = try convert(model, script)
    #expect(command.status == 0, "\(command.errors)")
    #expect(
      command.errors.contains(
        "unroll: \(script): the script that stood there is kept as \(script)~"))
    #expect(bytes(script + "~") == before)
    #expect(try !scratch.read("model.py").contains("Precious"))
    // The same once more: there is nothing to keep.
    let again = try convert(model, script)
    #expect(!again.errors.contains("is kept"), "\(again.errors)")
    #expect(bytes(script + ".~2~") == nil)
  }

  @Test func trainedWeightsAreNotLostForFirstOnes() throws {
    let model = path("m.keras")
    _ = try convert(script, model, "--seed", "1")
    let trained = bytes(model)
    let command = try convert(script, model, "--seed", "2")
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.errors.contains("the weights that stood there are kept as \(model)~"))
    #expect(bytes(model + "~") == trained)
    let same = try convert(script, model, "--seed", "2")
    #expect(!same.errors.contains("are kept"), "\(same.errors)")
    let forced = try convert(script, model, "--seed", "3", "--force")
    #expect(!forced.errors.contains("are kept"), "\(forced.errors)")
    #expect(bytes(model + ".~2~") == nil)
  }

  @Test func aFileOntoItselfThroughALinkStaysWhole() throws {
    let model = path("m.keras")
    _ = try convert(script, model, "--seed", "4")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: model)
    let link = path("link.keras")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "m.keras")
    let before = try prediction(model)
    let command = try convert(model, link)
    #expect(command.status == 0, "\(command.errors)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "m.keras")
    #expect(try prediction(model) == before)
    let mode = try FileManager.default.attributesOfItem(atPath: model)[.posixPermissions]
    #expect(mode as? Int == 0o640)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        == ["link.keras", "m.keras", "model.py"])
  }

  @Test func ofSeveralModelsOneGoesAlong() throws {
    let two = try scratch.file(
      "two.py",
      "from keras import Input, Sequential\nfrom keras.layers import Dense\n"
        + "small = Sequential([Input((2,)), Dense(1)])\nlarge = Sequential([Input((2,)), Dense(9)])\n"
    )
    let command = try convert(two, path("out.json"))
    #expect(command.errors.contains("one of 2 models (small, large); --model NAME"))
    let chosen = try convert(two, path("small.json"), "--model", "small")
    #expect(chosen.errors.isEmpty, "\(chosen.errors)")
    #expect(try summary(path("small.json")).contains("\"total_params\": 3"))
  }

  @Test(arguments: [
    (["m.kears"], 2, ".kears files cannot be saved; did you mean .keras?"),
    (["m"], 2, "has no suffix; end the name in .keras, .h5, .py or .json"),
    (["no/such/folder/m.keras"], 2, "check that the folder exists"),
    (["m.json", "--training"], 64, "expected OUT to end in .py"),
    (["m.json", "--data", "x.npy"], 64, "--data is what --training trains on"),
    (["m.keras", "--weights", "none.npz"], 2, "none.npz"),
    (["m.keras", "--memory", "10"], 2, "allow more with --memory"),
    (["t.py", "--training", "--data", "x.csv"], 2, "training scripts read .npy and .npz files"),
    ([], 64, "unroll convert IN OUT"),
  ])
  func whatIsWrongIsOneLine(arguments: [String], status: Int32, words: String) throws {
    let named = arguments.enumerated().map { $0 == 0 ? path($1) : $1 }
    let command = try Command(arguments: ["convert", script] + named)
    #expect(command.status == status)
    #expect(command.errors.contains(words), "\(command.errors)")
    if status == 2 { #expect(command.errors.split(separator: "\n").count == 1) }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["model.py"])
  }

  @Test func aTrainingScriptKnowsItsDataAndWeights() throws {
    let (x, y) = (try scratch.npy("x.npy", [40, 6, 3]), try scratch.npy("y.npy", [40, 1]))
    let model = path("m.keras")
    _ = try convert(script, model)
    let command = try convert("--training", "--data", x, y, model, path("train.py"))
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.errors.isEmpty, "\(command.errors)")
    let text = try scratch.read("train.py")
    #expect(text.contains("layers.Bidirectional(layers.LSTM(4)),"))
    #expect(text.contains("keras.optimizers.SGD(learning_rate=learning_rate)"))
    let wide = try scratch.npy("wide.npy", [40, 6, 5])
    let wrong = try convert(model, path("train.py"), "--training", "--data", wide, y)
    #expect(wrong.status == 2)
    #expect(wrong.errors.hasPrefix("unroll: \(wide): "), "\(wrong.errors)")
    let few = try convert(model, path("train.py"), "--training", "--data", x)
    #expect(few.errors.contains("1 file for 2 arrays: input_layer, dense"), "\(few.errors)")
    #expect(try scratch.read("train.py") == text)
  }
}
