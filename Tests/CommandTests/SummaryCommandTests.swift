import Testing

/// `unroll summary` as a person runs it.
@Suite struct SummaryCommand {
  @Test func theFirstOriginTableComesOutLineByLine() throws {
    let command = try Command("summary", "--style", "classic", Samples.path("bidirectional.py"))
    #expect(command.status == 0)
    let table = """
      _________________________________________________________________
      Layer (type)                 Output Shape              Param #   
      =================================================================
      bidirectional_1 (Bidirection (32, 128, 100)            28400     
      _________________________________________________________________
      batch_normalization_1 (Batch (32, 128, 100)            400       
      _________________________________________________________________
      dropout_1 (Dropout)          (32, 128, 100)            0         
      =================================================================
      Total params: 28,800
      Trainable params: 28,600
      Non-trainable params: 200
      """
    #expect(command.output.contains(table))
  }

  @Test func theSecondOriginTableComesOutLineByLine() throws {
    let command = try Command("summary", "--style", "classic", Samples.path("unidirectional.py"))
    for line in [
      "lstm_1 (LSTM)                (None, 128, 50)           14200     ",
      "batch_normalization_1 (Batch (None, 128, 50)           200       ",
      "dropout_1 (Dropout)          (None, 128, 50)           0         ",
      "Total params: 14,400", "Trainable params: 14,300", "Non-trainable params: 100",
    ] {
      #expect(command.output.contains(line + "\n"))
    }
  }

  @Test func theTwoTowersHaveTheShapesAndCountsOfKeras() throws {
    let command = try Command("summary", Samples.path("two_towers.py"))
    #expect(command.status == 0)
    #expect(command.output.contains("39,313"))
    #expect(command.output.contains("(None, None, 8)"))
    #expect(command.output.contains("(None, 4, 8)"))
    #expect(command.errors.contains("input_shape"))
  }

  @Test func everySampleOpens() throws {
    for (name, count) in [
      ("bidirectional.py", "28,800"), ("unidirectional.py", "14,400"), ("two_towers.py", "39,313"),
      ("sentiment.py", "1,304,897"), ("seq2seq.py", "718,173"),
    ] {
      let command = try Command("summary", Samples.path(name))
      #expect(command.status == 0)
      #expect(command.output.contains(" Total params: \(count) "), "\(name)")
    }
  }

  @Test func jsonIsAStableInterface() throws {
    let command = try Command("summary", "--style", "json", Samples.path("bidirectional.py"))
    let text = command.output.replacing("\n", with: "").replacing(" ", with: "")
    #expect(text.hasPrefix("{\"main\":0,\"models\":[{\"name\":\"sequential\""))
    #expect(text.contains("\"output_shapes\":[[32,128,100]],\"params\":28400"))
    #expect(text.contains("\"total_params\":28800,\"trainable_params\":28600"))
  }

  @Test func batchAndTimestepsSetTheInput() throws {
    let command = try Command(
      "summary", Samples.path("unidirectional.py"), "--batch", "7", "--timesteps", "9")
    #expect(command.output.contains("(7, 9, 50)"))
  }

  @Test func badInputIsOneLineWithPlaceAndRemedyAndExitCode2() throws {
    let scratch = try Scratch()
    let cases: [(name: String, text: String, words: [String])] = [
      ("syntax.py", "from keras.layers import LSTM\nmodel = (\n", ["syntax.py:2"]),
      (
        "undefined.py",
        "from keras import *\nm = Sequential([Input((8, 4)), layers.LSTM(unit_count)])\n",
        ["undefined.py:2:", "unit_count", "--set"]
      ),
      (
        "keyword.py", "from keras.layers import LSTM\nx = LSTM(untis=4)\n",
        ["keyword.py:2:", "untis", "did you mean", "units"]
      ),
      (
        "fit.py",
        "from keras import Sequential, layers as L\n"
          + "m = Sequential([L.Input((8, 4)), L.LSTM(4), L.LSTM(4)])\n",
        ["fit.py:2:", "return_sequences"]
      ),
      ("broken.json", "{\"class_name\": \"Sequential\",\n  \"config\": }", ["broken.json:2:"]),
      ("model.txt", "hello", ["model.txt", ".py", ".json"]),
    ]
    for (name, text, words) in cases {
      let command = try Command("summary", try scratch.file(name, text))
      #expect(command.status == 2, "\(name)")
      #expect(command.output.isEmpty, "\(name)")
      let lines = command.errors.split(separator: "\n")
      #expect(lines.count == 1, "\(name): \(command.errors)")
      #expect(command.errors.hasPrefix("unroll: "), "\(name)")
      for word in words { #expect(command.errors.contains(word), "\(name): \(command.errors)") }
    }
    for path in [scratch.path + "/missing.py", scratch.path, "/dev/null"] {
      let command = try Command("summary", path)
      #expect(command.status == 2)
      #expect(command.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func wrongUsageIsExitCode64() throws {
    #expect(try Command("summary").status == 64)
    #expect(try Command("summary", "--style", "wide", "x.py").status == 64)
    #expect(try Command("summary", "--batch", "0", "x.py").status == 64)
    #expect(try Command("summary", "--nonsense").status == 64)
  }

  @Test func aVariableThatCannotBeWorkedOutIsSet() throws {
    let scratch = try Scratch()
    let fragment = """
              self.model.add(LSTM(size, input_shape=(steps, width), return_sequences=True))
              self.model.add(Dense(1))
      """
    let file = try scratch.file("fragment.py", fragment)
    let command = try Command(
      "summary", file, "--set", "size=50", "--set", "steps=128", "--set", "width=20")
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.contains("(None, 128, 50)"))
    #expect(command.output.contains("14,200"))
  }

  @Test func nothingInAScriptIsExecuted() throws {
    let scratch = try Scratch()
    _ = try scratch.file("ast.py", "open('\(scratch.path)/beside', 'w').close()")
    let script = """
      import os, subprocess
      open('\(scratch.path)/opened', 'w').write('x')
      os.system('touch \(scratch.path)/ran')
      subprocess.run(['touch', '\(scratch.path)/ran'])
      exec("open('\(scratch.path)/executed', 'w')")
      from keras import Sequential, layers
      model = Sequential([layers.Input((4, 2)), layers.LSTM(3)])
      """
    let command = try Command("summary", try scratch.file("script.py", script))
    #expect(command.status == 0, "\(command.errors)")
    for name in ["beside", "opened", "ran", "executed"] {
      #expect(throws: (any Error).self) { try scratch.read(name) }
    }
  }

  @Test func controlCharactersOfAFileNeverReachTheTerminal() throws {
    let scratch = try Scratch()
    let script = """
      from keras import Sequential, layers
      model = Sequential([layers.Input((4, 2)), layers.LSTM(3, name='a\\x1b[31m\\u202eb')])
      """
    let command = try Command("summary", try scratch.file("script.py", script))
    #expect(command.status == 0, "\(command.errors)")
    #expect(!command.output.unicodeScalars.contains("\u{1b}"))
    #expect(!command.output.unicodeScalars.contains("\u{202e}"))
    #expect(command.output.contains("\\x1b[31m"))
    let bad = try scratch.file("bad\u{1b}[2J.py", "x = (")
    let failed = try Command("summary", bad)
    #expect(!failed.errors.unicodeScalars.contains("\u{1b}"))
  }

  @Test func hugeNumbersAreCountedOrRefused() throws {
    let scratch = try Scratch()
    func script(_ units: String) -> String {
      """
      from keras import Sequential, layers
      model = Sequential([layers.Input((4, 2)), layers.Dense(\(units))])
      """
    }
    let counted = try Command("summary", try scratch.file("a.py", script("10**12")))
    #expect(counted.status == 0, "\(counted.errors)")
    #expect(counted.output.contains("3,000,000,000,000"))
    for units in ["2**62", "-1", "0", "1e400", "float('nan')", "10**10**10"] {
      let refused = try Command("summary", try scratch.file("b.py", script(units)))
      #expect(refused.status == 2, "\(units): \(refused.output)")
      #expect(refused.errors.split(separator: "\n").count == 1, "\(units)")
    }
  }

  @Test func aConfigWhoseLayerDoesNotFitIsBadInput() throws {
    let scratch = try Scratch()
    let config = """
      {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "i"}},
        {"class_name": "LSTM", "config": {"name": "a", "units": 3}}]}}
      """
    let command = try Command("summary", try scratch.file("m.json", config))
    #expect(command.status == 2)
    #expect(command.output.isEmpty)
    #expect(command.errors.contains("m.json: a: LSTM takes"))
    #expect(command.errors.split(separator: "\n").count == 1)
  }

  @Test func aBuildBehindAnEmbeddingSaysWhatComesIn() throws {
    let scratch = try Scratch()
    let script = """
      from keras import Sequential
      from keras.layers import Dense, Embedding, Flatten
      model = Sequential([Embedding(1000, 3), Flatten(), Dense(5)])
      model.build((None, 16))
      """
    let command = try Command("summary", try scratch.file("m.py", script))
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.contains("(None, 16, 3)"))
    #expect(command.output.contains(" Total params: 3,245 "))
  }

  @Test func whatUnfoldsWithoutBoundIsRefused() throws {
    let scratch = try Scratch()
    let model = "from keras import Sequential, layers\nm = Sequential([layers.Dense(n)])\n"
    for start in [
      "t = ()\nfor i in range(40): t = (t, t)\nn = {t: 1}[t]\n", "n = len(sorted('a' * 10**8))\n",
      "def g():\n    while True: yield 1\nn = sum(g())\n",
    ] {
      let command = try Command("summary", try scratch.file("m.py", start + model))
      #expect(command.status == 2)
      #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
    }
  }

  @Test func filesMayStandBehindALayerRange() throws {
    let command = try Command(
      "summary", "--layer-range", "lstm", "batch", Samples.path("unidirectional.py"))
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.contains("lstm (LSTM)"))
    #expect(!command.output.contains("dropout (Dropout)"))
  }
}
