import Foundation
import TerminalProbe
import Testing

@Suite struct FitCommandTests {
  private let scratch: Scratch
  private let model: String
  private let x: String
  private let y: String

  init() throws {
    scratch = try Scratch()
    model = try scratch.file(
      "model.py",
      """
      from keras import Input, Sequential
      from keras.layers import Dense
      m = Sequential([Input((4,)), Dense(3, activation="tanh"), Dense(1, activation="sigmoid")])

      """)
    x = try scratch.npy("x.npy", [40, 4])
    y = try scratch.npy("y.npy", [40, 1], (0..<40).map { Float($0 % 2) })
  }

  @Test func aLineAnEpochAHistoryAndASavedModel() throws {
    let (out, history) = (scratch.path + "/out.keras", scratch.path + "/h.json")
    let command = try Command(
      "fit", model, "--input", x, "--target", y, "--epochs", "3", "--validation-split", "0.25",
      "--save", out, "--history", history)
    #expect(command.status == 0, "\(command.errors)")
    let lines = command.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.last?.hasPrefix("epoch 3/3 - ") == true)
    #expect(command.errors == "unroll: saved \(out)\n")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: history)))
    let values = try #require(json as? [String: [Double]])
    #expect(Set(values.keys) == ["accuracy", "loss", "val_accuracy", "val_loss"])
    #expect(values.values.allSatisfy { $0.count == 3 })
    let predicted = try Command("predict", out, "--input", x)
    #expect(predicted.status == 0)
    #expect(predicted.errors.isEmpty, "its own weights: \(predicted.errors)")
  }

  @Test func weightsGoOnWhereTheyStopped() throws {
    let weights = scratch.path + "/w.npz"
    let first = try Command(
      "fit", model, "--input", x, "--target", y, "--epochs", "2", "--save", weights)
    #expect(first.errors.contains("the weights alone"), "\(first.errors)")
    let plain = try Command("predict", model, "--input", x)
    let trained = try Command("predict", model, "--input", x, "--weights", weights)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.output != plain.output)
    let again = try Command(
      "fit", model, "--input", x, "--target", y, "--epochs", "1", "--weights", weights)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func aScriptTrainsOnItsOwnData() throws {
    let script = try scratch.file(
      "own.py",
      try String(contentsOfFile: model, encoding: .utf8)
        + "import numpy as np\nm.compile('sgd', 'mse')\n"
        + "m.fit(np.ones((10, 4)), np.ones(10), epochs=4, batch_size=5)\n")
    let command = try Command("fit", script)
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.split(separator: "\n").count == 4)
    #expect(try Command("fit", script, "--epochs", "2").output.hasPrefix("epoch 1/2 - "))
  }

  @Test func aToyTaskNeedsNoFiles() throws {
    let script = try scratch.file(
      "toy.py",
      "from keras import *\nfrom keras.layers import *\n"
        + "m = Sequential([Input((8, 4)), LSTM(4, return_sequences=True)])\n")
    let command = try Command("fit", script, "--task", "tag-by-next", "--epochs", "1")
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.hasPrefix("epoch 1/1 - "))
    #expect(command.output.contains("val_loss"))
    let unknown = try Command("fit", script, "--task", "tag-by-nxt")
    #expect(unknown.errors.contains("did you mean tag-by-next?"), "\(unknown.errors)")
  }

  @Test(arguments: [
    (["--optimizer", "adma"], "did you mean adam?"),
    (["--loss", "binary_crosentropy"], "did you mean binary_crossentropy?"),
    (["--save", "out.txt"], ".txt files cannot be saved"),
    (["--weights", "none.npz"], "none.npz"),
  ])
  func whatIsNotKnownIsOneLine(options: [String], words: String) throws {
    let command = try Command(
      arguments: ["fit", model, "--input", x, "--target", y, "--epochs", "1"] + options)
    #expect(command.status == 2)
    #expect(command.errors.contains(words), "\(command.errors)")
    #expect(command.errors.split(separator: "\n").count == 1)
  }

  @Test func targetsThatDoNotFitAreNamed() throws {
    let few = try scratch.npy("few.npy", [30, 1])
    let command = try Command("fit", model, "--input", x, "--target", few)
    #expect(command.status == 2)
    #expect(
      command.errors == "unroll: \(few): has 30 samples, the inputs have 40; "
        + "every sample needs a target\n")
    let wide = try scratch.npy("wide.npy", [40, 2])
    #expect(try Command("fit", model, "--input", x, "--target", wide).status == 2)
    let none = try scratch.npy("none.npy", [0, 4])
    #expect(
      try Command("fit", model, "--input", none, "--target", y).errors.contains("no samples"))
  }

  @Test func aLossThatIsNoNumberKeepsTheWeightsBefore() throws {
    let huge = try scratch.npy("huge.npy", [40, 1], Array(repeating: 1e38, count: 40))
    let out = scratch.path + "/last.keras"
    let command = try Command(
      "fit", model, "--input", x, "--target", huge, "--loss", "mse", "--save", out)
    #expect(command.status == 2)
    #expect(command.errors.contains("not a number in epoch 1, batch 1"), "\(command.errors)")
    #expect(command.errors.contains(out))
    #expect(FileManager.default.fileExists(atPath: out))
  }

  @Test func aBatchLargerThanTheDataIsRemarked() throws {
    let command = try Command(
      "fit", model, "--input", x, "--target", y, "--epochs", "1", "--batch-size", "100")
    #expect(command.status == 0)
    #expect(command.errors.contains("all 40 samples are one batch"), "\(command.errors)")
  }

  @Test func ctrlCSavesAndSaysWhere() throws {
    let out = scratch.path + "/stopped.keras"
    let process = Process()
    process.executableURL = URL(filePath: try Executable.unroll())
    process.arguments = [
      "fit", model, "--input", x, "--target", y, "--epochs", "100000000", "--save", out,
    ]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // The first line of an epoch: the training is under way.
    _ = output.fileHandleForReading.availableData
    process.interrupt()
    _ = output.fileHandleForReading.readDataToEndOfFile()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(text.contains("unroll: stopped "), "\(text)")
    #expect(text.contains("saved \(out)"), "\(text)")
    #expect(FileManager.default.fileExists(atPath: out))
  }
}
