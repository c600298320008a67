import Foundation
import Testing

@Suite struct TraceCommandTests {
  private let scratch: Scratch
  private let model: String

  init() throws {
    scratch = try Scratch()
    model = try scratch.file(
      "model.py",
      """
      from keras import Input, Sequential
      from keras.layers import *
      m = Sequential([
          Input((6, 3)),
          Bidirectional(LSTM(4, return_sequences=True), name='both'),
          GRU(5, name='gru'),
          Dense(2, name='dense'),
      ])
      """)
  }

  /// The arrays of a trace as JSON.
  private func trace(_ arguments: String...) throws -> [String: Any] {
    let path = scratch.path + "/t.json"
    let command = try Command(arguments: ["trace", model, "--output", path] + arguments)
    #expect(command.status == 0, "\(command.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func numbers(_ trace: [String: Any], _ name: String) throws -> [[[Double]]] {
    let arrays = try #require(trace["arrays"] as? [String: Any])
    return try #require(arrays[name] as? [[[Double]]], "\(name)")
  }

  @Test func theGatesSatisfyTheFormulasInBothDirections() throws {
    let x = try scratch.npy("x.npy", [2, 6, 3])
    let trace = try trace("--input", x)
    for (direction, step) in [("forward_lstm", -1), ("backward_lstm", 1)] {
      let parts = try ["i", "f", "g", "o", "c", "h"].map {
        try numbers(trace, "both/\(direction)/\($0)")
      }
      for sample in 0..<2 {
        for t in 0..<6 {
          for unit in 0..<4 {
            let at = parts.map { $0[sample][t][unit] }
            let before = (0..<6).contains(t + step) ? parts[4][sample][t + step][unit] : 0
            #expect(abs(at[4] - (at[1] * before + at[0] * at[2])) < 1e-6)
            #expect(abs(at[5] - at[3] * tanh(at[4])) < 1e-6)
          }
        }
      }
    }
  }

  @Test func theMergedOutputIsWhatTheDirectionsGive() throws {
    let trace = try trace("--layer", "both")
    let output = try numbers(trace, "both/output")
    let forward = try numbers(trace, "both/forward_lstm/h")
    let backward = try numbers(trace, "both/backward_lstm/h")
    for t in 0..<6 { #expect(output[0][t] == forward[0][t] + backward[0][t]) }
    let arrays = try #require(trace["arrays"] as? [String: Any])
    #expect(arrays.keys.allSatisfy { $0.hasPrefix("both/") })
  }

  @Test func theOutputEqualsPredict() throws {
    let x = try scratch.npy("x.npy", [40, 6, 3])
    let alone = try scratch.file(
      "alone.py",
      """
      from keras import Input, Sequential
      from keras.layers import *
      m = Sequential([
          Input((6, 3)), Bidirectional(LSTM(4, return_sequences=True), name='both')])
      """)
    let y = scratch.path + "/y.npy"
    #expect(try Command("predict", alone, "--input", x, "--output", y).status == 0)
    let archive = scratch.path + "/t.npz"
    #expect(try Command("trace", alone, "--input", x, "--output", archive).status == 0)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: archive)))
    let expected = try NumPyFile.read(y)
    // The members are stored as they are: the output's bytes stand in the archive.
    let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: y)))
    #expect(expected.shape == "(40, 6, 8)")
    #expect(Data(bytes).range(of: Data(body)) != nil)
    for name in ["both/input.npy", "both/forward_lstm/i.npy", "both/backward_lstm/initial_c.npy"] {
      #expect(Data(bytes).range(of: Data(name.utf8)) != nil, "\(name)")
    }
  }

  @Test func jsonSaysWhatTheLayersAre() throws {
    let trace = try trace("--input", "impulse", "2", "--seed", "3")
    #expect(trace["seed"] as? Int == 3)
    #expect(trace["input"] as? String == "impulse at t = 2")
    let layers = try #require(trace["layers"] as? [[String: Any]])
    #expect(layers.map { $0["name"] as? String } == ["both", "gru"])
    #expect(layers[0]["merge_mode"] as? String == "concat")
    let directions = try #require(layers[0]["directions"] as? [[String: Any]])
    #expect(directions.map { $0["direction"] as? String } == ["forward", "backward"])
    let words = try #require(directions[1]["quantities"] as? [String: String])
    #expect(words["f"] == "forget gate")
    #expect(try numbers(trace, "both/input")[0][2] == [1, 1, 1])
    #expect(try numbers(trace, "gru/z")[0].count == 6)
  }

  @Test func whatIsNotANumberIsTextInJSON() throws {
    var values = (0..<18).map { Float($0) / 18 }
    values[4] = .nan
    let x = try scratch.npy("x.npy", [1, 6, 3], values)
    let trace = try trace("--input", x, "--layer", "both")
    let arrays = try #require(trace["arrays"] as? [String: Any])
    let input = try #require(arrays["both/input"] as? [[[Any]]])
    #expect(input[0][1][1] as? String == "NaN")
  }

  @Test func theTableShowsOneUnitAtEveryTimestep() throws {
    let table = try Command("trace", model, "--layer", "both", "--unit", "2")
    #expect(table.status == 0, "\(table.errors)")
    let lines = table.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "input sine")
    #expect(lines[1] == "both · LSTM 4→ 4←, concat · unit 2 · sample 0")
    #expect(lines[2] == "→ forward_lstm, forward")
    #expect(lines[3] == "  t         i         f         g         o         c         h")
    #expect(lines[10] == "← backward_lstm, backward, t = 5 first")
    #expect(lines.count == 18)
    let file = try trace("--layer", "both")
    let cell = try numbers(file, "both/backward_lstm/c")[0][3][2]
    let shown = try #require(Double(lines[15].split(separator: " ")[5]))
    #expect(abs(cell - shown) <= 0.00005001)
    let gru = try Command("trace", model, "--layer", "gru")
    #expect(gru.output.contains("  t         z         r         g         h\n"))
  }

  @Test func skippedTimestepsAreMarked() throws {
    let masked = try scratch.file(
      "masked.py",
      "from keras import Input, Sequential\nfrom keras.layers import *\n"
        + "m = Sequential([Input((4,)), Embedding(9, 2, mask_zero=True), LSTM(3)])\n")
    let command = try Command("trace", masked, "--input", "text", "ab")
    #expect(command.status == 0, "\(command.errors)")
    let rows = command.output.split(separator: "\n").suffix(4)
    #expect(rows.map { $0.hasSuffix("  skipped") } == [false, false, true, true])
    #expect(command.errors.contains("the other 2 timesteps"))
  }

  @Test func whatIsNotThereIsNamed() throws {
    for (arguments, words) in [
      (["--layer", "gur"], ["did you mean gru?"]), (["--layer", "dense"], ["no recurrent layer"]),
      (["--layer", "both", "--unit", "4"], ["0 to 3"]), (["--sample", "1"], ["no sample 1"]),
      (["--output", "t.txt"], [".npz or .json"]), (["--input", "impulse", "6"], ["0 to 5"]),
      (["--input", "sien"], ["did you mean sine?"]),
    ] {
      let command = try Command(arguments: ["trace", model] + arguments)
      #expect(command.status == 2, "\(arguments)")
      #expect(command.output.isEmpty)
      for word in words { #expect(command.errors.contains(word), "\(command.errors)") }
    }
    #expect(try Command("trace", model, "--unit", "-1").status == 64)
    let plain = try scratch.file(
      "plain.py",
      "from keras import Input, Sequential\nfrom keras.layers import *\n"
        + "m = Sequential([Input((4,)), Dense(2)])\n")
    let command = try Command("trace", plain)
    #expect(command.status == 2 && command.errors.contains("no recurrent layer"))
  }

  @Test func aFreeLengthIsAskedFor() throws {
    let free = try scratch.file(
      "free.py",
      "from keras import Input, Sequential\nfrom keras.layers import *\n"
        + "m = Sequential([Input((None, 2)), LSTM(3)])\n")
    let asked = try Command("trace", free)
    #expect(asked.status == 2 && asked.errors.contains("--timesteps 12"), "\(asked.errors)")
    let given = try Command("trace", free, "--timesteps", "3")
    #expect(given.output.split(separator: "\n").count == 7, "\(given.errors)")
  }
}
