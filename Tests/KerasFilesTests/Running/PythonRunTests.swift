import Neural
import Testing

@testable import KerasFiles

/// What a run printed, taken in any order of threads.
private final class Printed: @unchecked Sendable {
  var output = ""
  var error = ""
}

/// Runs a script and tells what it printed, and the error that ended it.
private func run(
  _ script: String, seed: UInt64? = nil, settings: [(String, String)] = []
) async -> (output: String, error: String, failure: ScriptError?) {
  let printed = Printed()
  var failure: ScriptError?
  do throws(ScriptError) {
    try await PythonScript.run(
      Array(script.utf8), settings: .init(uniqueKeysWithValues: settings), seed: seed
    ) { text, stream in
      if stream == .output { printed.output += text } else { printed.error += text }
    }
  } catch {
    failure = error
  }
  return (printed.output, printed.error, failure)
}

/// One snippet of `make_python_runs.py`.
struct PythonSnippet: CustomTestStringConvertible, Sendable {
  let name: String
  let source: String
  let output: String
  let error: String

  var testDescription: String { name }

  static let all: [PythonSnippet] = {
    let cases = (try? Fixtures.json("python-runs.json"))?["cases"]?.listValue ?? []
    return cases.map { entry in
      func text(_ key: String) -> String { entry[key]?.stringValue ?? "" }
      return PythonSnippet(
        name: text("name"), source: text("source"), output: text("output"), error: text("error"))
    }
  }()
}

@Suite struct PythonRunTests {
  @Test(arguments: PythonSnippet.all)
  func printsWhatPythonPrints(_ snippet: PythonSnippet) async {
    let result = await run(snippet.source)
    let wanted = snippet.output.split(separator: "\n", omittingEmptySubsequences: false)
    let found = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, (a, b)) in zip(wanted, found).enumerated() where a != b {
      Issue.record(
        "line \(line + 1): Python prints \(a.debugDescription), here \(b.debugDescription)")
      break
    }
    #expect(wanted.count == found.count)
    #expect(result.failure.map(\.message) ?? "" == snippet.error)
  }

  @Test func seedOfTheCommandRepeatsAllNumbers() async {
    let script =
      "import random, numpy as np\nprint(random.random(), np.random.rand(2), np.random.default_rng().random())"
    let first = await run(script, seed: 7)
    let second = await run(script, seed: 7)
    let third = await run(script, seed: 8)
    #expect(first.output == second.output)
    #expect(first.output != third.output)
    #expect(first.failure == nil)
  }

  @Test(arguments: [
    ("x = [1]\nprint(x[3])", "2:7", "IndexError: list index out of range"),
    ("print(undefined_name)", "1:7", "NameError: name 'undefined_name' is not defined"),
    ("import numpy as np\nnp.zeros((10**6, 10**6))", "2:1", "MemoryError: an array of shape"),
    ("x = [0] * 10**12", "1:5", "MemoryError: lists and texts of more than"),
    ("open('data.csv')", "1:1", "PermissionError: a run opens no file but the script"),
    ("def f(): return f()\nf()", "1:17", "RecursionError"),
    ("raise ValueError('wrong')", "1:1", "ValueError: wrong"),
    (
      "import numpy as np\nnp.ones(3) @ np.ones(4)", "2:1",
      "ValueError: matmul: shapes (3,) and (4,)"
    ),
    ("import numpy as np\nnp.random.seed(-1)", "2:1", "ValueError: Seed must be between"),
    ("import pandas as pd\nprint(pd.read_csv('x').shape)", "2:1", "NotImplementedError"),
  ])
  func errorHasAPlace(_ script: String, _ place: String, _ message: String) async {
    let result = await run(script)
    #expect(result.failure?.location?.description == place)
    #expect(
      result.failure?.message.hasPrefix(message) == true, "\(String(describing: result.failure))")
  }

  @Test func exitEndsTheRunWithItsStatus() async throws {
    let printed = Printed()
    let status = try await PythonScript.run(
      Array("import sys\nprint('a')\nsys.exit(3)\nprint('b')".utf8)
    ) { text, _ in printed.output += text }
    #expect(status == 3)
    #expect(printed.output == "a\n")
  }

  @Test func settingsWinOverTheScript() async {
    let result = await run("epochs = 10\nprint(epochs)", settings: [("epochs", "3")])
    #expect(result.output == "3\n")
  }

  @Test func whatAnotherModuleDrawsIsLeftOut() async {
    let result = await run(
      "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nprint('end')")
    #expect(result.output == "end\n")
    #expect(result.error.contains("left out"))
    #expect(result.failure == nil)
  }

  @Test func manyTurnsOfALoopTakeNoMemory() async {
    let result = await run(
      "total = 0\nfor i in range(60000):\n  row = [i, (i, i)]\n  total += row[1][1]\nprint(total)")
    #expect(result.output == "1799970000\n")
  }
}
