import Foundation
import Neural
import Testing

@testable import KerasFiles

/// `load_model` and its kin in scripts that are run.
@Suite struct ModelLoadingTests {
  private func output(_ script: String) async throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("script.py")
    let text =
      "import keras\nimport numpy as np\n"
      + script.replacing("FIXTURES", with: Fixtures.folder.path)
      .replacing("FOLDER", with: folder.path)
    try Data(text.utf8).write(to: file)
    return try await ScriptOutput.of(path: file.path)
  }

  @Test func aModelThatIsLoadedTrainsOn() async throws {
    let text = try await output(
      """
      x = np.random.default_rng(1).normal(size=(12, 5, 2)).astype("float32")
      y = x.sum(axis=(1, 2)).reshape(-1, 1)
      inner = keras.Sequential([keras.Input((5, 2)), keras.layers.LSTM(3)], name="inner")
      i = keras.Input((5, 2))
      m = keras.Model(i, keras.layers.Dense(1)(inner(i)))
      m.compile("adam", "mse")
      m.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
      m.save("FOLDER/m.keras")
      n = keras.saving.load_model("FOLDER/m.keras")
      print(int(n.optimizer.iterations), n.get_layer("inner").layers[0].name)
      a = m.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0).history["loss"]
      b = n.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0).history["loss"]
      print(a == b, np.abs(m.predict(x, verbose=0) - n.predict(x, verbose=0)).max())
      k = keras.models.model_from_json(n.to_json())
      n.save_weights("FOLDER/n.weights.h5")
      k.load_weights("FOLDER/n.weights.h5")
      print(np.abs(k.predict(x, verbose=0) - n.predict(x, verbose=0)).max())
      """)
    #expect(text == "6 lstm\nTrue 0.0\n0.0\n")
  }

  @Test func aFileOfKerasTrainsOn() async throws {
    let text = try await output(
      """
      m = keras.models.load_model("FIXTURES/resumed/adam.keras")
      print(int(m.optimizer.iterations), m.count_params(), len(m.layers))
      """)
    #expect(text == "6 247 6\n")
  }

  @Test func aFileThatIsMissingIsTold() async throws {
    let text = try await output(
      """
      try:
          keras.models.load_model("FOLDER/none.keras")
      except OSError as error:
          print("no such file" in str(error))
      """)
    #expect(text == "True\n")
  }

  @Test func aScriptThatIsOnlyReadOpensNoOtherFile() async throws {
    let script = "import keras\nm = keras.models.load_model('/etc/none.keras')\nm.summary()\n"
    do {
      _ = try await PythonScript(reading: Array(script.utf8))
      Issue.record("there is no model in it")
    } catch {
      #expect(
        error.message.contains("unroll run") || error.remedy.contains("unroll run"), "\(error)")
    }
  }
}
