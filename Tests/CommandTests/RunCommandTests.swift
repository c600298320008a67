import Foundation
import Testing

@Suite struct RunCommandTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func theTwoTowersTrainAndEndWithTheirAccuracy() throws {
    let command = try Command("run", Samples.path("two_towers.py"))
    #expect(command.status == 0, "\(command.errors)")
    let lines = command.output.split(separator: "\n")
    try #require(lines.count == 22, "\(command.output)")
    for epoch in 1...10 {
      #expect(lines[2 * epoch - 2] == "Epoch \(epoch)/10")
      #expect(lines[2 * epoch - 1].hasPrefix("20/20 ━━━━━━━━━━━━━━━━━━━━ "))
      #expect(lines[2 * epoch - 1].contains("/step - accuracy: 0."))
    }
    #expect(lines[20].hasPrefix("4/4 ━━━━━━━━━━━━━━━━━━━━ "))
    #expect(lines[21].hasPrefix("accuracy: 0."))
  }

  /// Are the two sentences about the same word? The model can know: the words differ in one number.
  @Test func twoTowersLearnARule() throws {
    let script = try scratch.file(
      "rule.py",
      """
      import numpy as np
      from keras import Input, Model
      from keras.layers import LSTM, Dense, Subtract
      rng = np.random.RandomState(1)
      x1 = rng.normal(size=(400, 6, 3))
      x2 = rng.normal(size=(400, 4, 3))
      y = (x1[:, :, 0].mean(axis=1) > x2[:, :, 0].mean(axis=1)).astype(int)
      a, b = Input((None, 3)), Input((4, 3))
      joined = Subtract()([LSTM(8)(a), LSTM(8)(b)])
      model = Model([a, b], Dense(1, activation="sigmoid")(Dense(16, activation="relu")(joined)))
      model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
      model.optimizer.learning_rate = 0.02
      history = model.fit([x1, x2], y, epochs=30, verbose=0)
      print(history.history["accuracy"][-1] > 0.95)
      """)
    let command = try Command("run", script)
    #expect(command.output == "True\n", "\(command.output)\(command.errors)")
  }

  @Test func whatTheScriptRaisesIsOneLineWithItsPlace() throws {
    let script = try scratch.file("wrong.py", "x = 1\nprint(y)\n")
    let command = try Command("run", script)
    #expect(command.status == 2)
    #expect(command.errors.hasPrefix("unroll: \(script):2:7: "), "\(command.errors)")
    #expect(command.errors.split(separator: "\n").count == 1)
  }

  @Test func aSettingWinsOverTheScript() throws {
    let script = try scratch.file("set.py", "epochs = 3\nprint('epochs', epochs)\n")
    #expect(try Command("run", script, "--set", "epochs=5").output == "epochs 5\n")
  }

  @Test func onlyScriptsAreRun() throws {
    let command = try Command("run", scratch.file("model.json", "{}"))
    #expect(command.status == 2)
    #expect(command.errors.contains("only .py scripts are run"))
  }
}
