import Foundation
import KerasFiles
import Neural
import Synchronization
import Testing

/// Scripts that are run, compared with what Keras printed for them: `Fixtures/runs/make_runs.py`.
@Suite struct ScriptRunTests {
  @Test(arguments: ["two_outputs", "sequences", "objects", "callbacks"])
  func aScriptPrintsWhatItPrintsWithKeras(name: String) async throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/runs")
    let expected = try String(
      contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)
    let printed = try await ScriptOutput.of(path: folder.appending(path: "\(name).py").path)
    let (found, wanted) = (printed.tokens, expected.tokens)
    #expect(found.count == wanted.count, "\(printed)")
    for (a, b) in zip(found, wanted) {
      if let a = Double(a), let b = Double(b) {
        #expect(abs(a - b) <= 1e-3 * (1 + abs(b)), "found \(a), Keras \(b)")
      } else {
        #expect(a == b)
      }
    }
  }

  @Test func theBarOfAFitIsKeras() async throws {
    let text = try await ScriptOutput.of(
      "m.compile('sgd', 'mse', metrics=['mae'])\n"
        + "m.fit(x, y, epochs=2, batch_size=4, validation_split=0.2)\nm.predict(x)\n"
        + "m.evaluate(x, y, verbose=2)")
    let lines = text.split(separator: "\n").map(String.init)
    try #require(lines.count == 6, "\(text)")
    #expect(lines[0] == "Epoch 1/2")
    let bar = String(repeating: "━", count: 20)
    let number = "[0-9]+\\.[0-9]{4}(e[-+][0-9]+)?"
    let time = "[0-9]+(s|ms|us)/step"
    func fits(_ line: String, _ pattern: String) throws -> Bool {
      try Regex(pattern).wholeMatch(in: line) != nil
    }
    #expect(
      try fits(
        lines[1],
        "3/3 \(bar) [0-9]+s \(time) - loss: \(number) - mae: \(number) - val_loss: \(number)"
          + " - val_mae: \(number)"), "\(lines[1])")
    #expect(try fits(lines[4], "1/1 \(bar) [0-9]+s \(time)"), "\(lines[4])")
    #expect(try fits(lines[5], "1/1 - [0-9]+s - \(time) - loss: \(number) - mae: \(number)"))
  }

  @Test(arguments: [
    ("m.fit(x, y)", "compile"),
    ("m.compile('adma', 'mse')", "did you mean adam?"),
    ("m.compile('adam', 'mze'); m.fit(x, y)", "did you mean"),
    ("m.compile('adam', 'mse'); m.fit(x, y[:3])", "3 samples, the first input has 16"),
    ("m.compile('adam', 'mse'); m.fit(x[:0], y[:0])", "no samples"),
    ("m.compile('adam', 'mse'); m.fit(x, y, epoch=2)", "did you mean epochs?"),
    ("m.compile('adam', 'mse'); m.fit(x, y, validation_split=1.5)", "validation_split is 1.5"),
    ("m.compile('adam', 'mse'); m.fit(iter([1]), y)", "batch by batch"),
    ("m.compile('adam', lambda a, b: a); m.fit(x, y)", "script's own"),
    ("m.compile('adam', 'mse'); m.fit([x, x], y)", "takes 1 input, found 2"),
    ("m.compile('adam', 'sparse_categorical_crossentropy'); m.fit(x, y * 9)", "label"),
    ("m.set_weights([x])", "takes 2 arrays, found 1"),
    ("m.predict(np.ones((3, 5)))", "features"),
    ("m.save('model.txt')", ".txt files cannot be saved"),
    ("keras.datasets.mnist.load_data()", "downloaded"),
    ("keras.utils.to_categorical([0, 7], 3)", "out of range"),
  ])
  func whatDoesNotFitIsOneLine(script: String, words: String) async throws {
    do {
      _ = try await ScriptOutput.of(script)
      Issue.record("\(script) should fail")
    } catch let error as FileError {
      #expect(error.description.contains(words), "\(error.description)")
      #expect(!error.description.contains("\n"))
      #expect(error.line != nil)
    }
  }

  @Test func aScheduleTellsItsRates() async throws {
    let text = try await ScriptOutput.of(
      "s = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.25)\n"
        + "print(float(s(0)), float(s(5)), float(s(10)))")
    #expect(text == "0.5 0.25 0.125\n")
  }

  @Test func equalSeedsGiveEqualRuns() async throws {
    let script = "m.compile('adam', 'mse')\nh = m.fit(x, y, epochs=2, verbose=0)\nprint(h.history)"
    let first = try await ScriptOutput.of(script, seed: 1)
    #expect(try await ScriptOutput.of(script, seed: 1) == first)
    #expect(try await ScriptOutput.of(script, seed: 2) != first)
    let seeded = "keras.utils.set_random_seed(3)\nm = keras.Sequential([keras.layers.Dense(1)])\n"
    #expect(
      try await ScriptOutput.of(seeded + script, seed: 1)
        == ScriptOutput.of(seeded + script, seed: 2))
  }

  @Test func whatAScriptTrainsOnIsFoundWithoutTraining() async throws {
    let scratch = try ScriptOutput.Folder()
    let path = try scratch.file(
      "train.py",
      ScriptOutput.head + "m.compile('sgd', 'mse', metrics=['mae'])\n"
        + "m.fit(x, y, epochs=7, batch_size=5, shuffle=False, validation_data=(x, y))\n"
        + "print(undefined_name)\n")
    let training = try #require(try await ScriptTraining.of(path: path))
    #expect(training.label == "train.py: x, y (16 samples)")
    #expect(training.data.inputs.map(\.sizes) == [[16, 4]])
    #expect(training.settings.epochs == 7)
    #expect(training.settings.batchSize == 5)
    #expect(!training.settings.shuffles)
    #expect(training.settings.validationData?.count == 16)
    #expect(training.compilation.optimizer.className == "SGD")
    #expect(training.variable == "m")
    #expect(try await ScriptTraining.of(path: path, model: "other") == nil)
  }
}

/// What scripts print.
enum ScriptOutput {
  /// A model of one layer, with data.
  static let head = """
    import numpy as np
    import keras
    x = np.arange(64.0).reshape(16, 4) / 64
    y = x.sum(axis=1)
    m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])

    """

  /// Runs a script behind a head that makes a model `m` and data `x` and `y`.
  static func of(_ script: String, seed: UInt64 = 0) async throws -> String {
    let folder = try Folder()
    return try await of(path: folder.file("script.py", head + script + "\n"), seed: seed)
  }

  /// Runs a script.
  static func of(path: String, seed: UInt64 = 0) async throws -> String {
    let kept = Kept()
    _ = try await PythonScript.run(
      path: path, seed: seed,
      in: PythonScript.Surroundings { part, stream in
        if stream == .output { kept.text.withLock { $0 += part } }
      })
    return kept.text.withLock { $0 }
  }

  private final class Kept: Sendable {
    let text = Mutex("")
  }

  /// A folder for one test, removed with it.
  final class Folder {
    private let path = NSTemporaryDirectory() + "unroll-script-" + UUID().uuidString

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String, _ text: String) throws -> String {
      try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
      return path + "/" + name
    }
  }
}

extension String {
  /// Words and numbers, whatever stands between them.
  fileprivate var tokens: [String] {
    split { " \n\t[](){},:".contains($0) }.map(String.init)
  }
}
