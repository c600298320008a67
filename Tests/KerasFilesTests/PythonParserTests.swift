import Testing

@testable import KerasFiles

private func statements(_ script: String) async throws -> [Statement] {
  let tree = try await PythonParser().tree(of: Array(script.utf8))
  return try await PythonScript.onLargeStack { () throws(ScriptError) -> [Statement] in
    try SyntaxDecoder.statements(from: tree)
  }
}

@Suite struct PythonParserTests {
  @Test func keepsLinesAndColumnsInCharacters() async throws {
    let parsed = try await statements("\u{FEFF}é = 1\r\nx = 'é日'; y = 2\r\n")
    #expect(parsed.map(\.location.description) == ["1:1", "2:1", "2:11"])
  }

  @Test func opensAFragmentThatIsIndented() async throws {
    let parsed = try await statements(
      "        x = 1\n\n        if x:\n            y = '''a\n  b'''\n")
    #expect(parsed.map(\.location.description) == ["1:9", "3:9"])
  }

  @Test func opensAFragmentWhoseFirstLineLostItsIndentation() async throws {
    let parsed = try await statements("x = f(1)\n        y = 2\n        z = 3\n")
    #expect(parsed.map(\.location.description) == ["1:1", "2:9", "3:9"])
    guard case .assign(_, let call) = parsed[0].node else {
      Issue.record("no assignment")
      return
    }
    #expect(call.location.description == "1:5")
  }

  @Test(arguments: [
    ("x = (\n", "1:5"), ("x = 1\ny = = 2\n", "2:5"), ("  x = 1\n y = 2\n", "2"), ("x = '", "1:5"),
    ("print 'a'\n", "1:1"),
  ])
  func namesThePlaceOfASyntaxError(script: String, place: String) async throws {
    let error = await #expect(throws: ScriptError.self) { try await statements(script) }
    #expect(error?.location?.description.hasPrefix(place) == true || place == "2")
  }

  @Test func refusesWhatPythonsParserCannotBear() async throws {
    let hostile = [
      String(repeating: "(", count: 100_000), "1" + String(repeating: "+1", count: 100_000),
      String(repeating: "-", count: 100_000) + "1", "x = '\u{0}'",
      "a" + String(repeating: "[0]", count: 50_000),
      String(repeating: "if x:\n", count: 200),
    ]
    for script in hostile {
      await #expect(throws: ScriptError.self) { try await statements(script) }
    }
    await #expect(throws: ScriptError.self) {
      try await PythonScript(reading: [0x78, 0x3D, 0x22, 0xFF, 0x22])
    }
  }

  @Test func opensDeepButPlausibleExpressions() async throws {
    let parsed = try await statements("x = 1" + String(repeating: " + 1", count: 800))
    #expect(parsed.count == 1)
  }

  @Test func opensAnEncodingThatTheScriptNames() async throws {
    let script = Array("# -*- coding: latin-1 -*-\nx = '".utf8) + [0xE9] + Array("'; y = 1\n".utf8)
    let tree = try await PythonParser().tree(of: script)
    let parsed = try SyntaxDecoder.statements(from: tree)
    #expect(parsed[1].location.description == "2:10")
  }

  @Test func saysThatPythonIsMissing() async {
    let parser = PythonParser(interpreter: "python-that-nobody-has")
    let error = await #expect(throws: ScriptError.self) { try await parser.tree(of: [0x78]) }
    #expect(error?.remedy.contains("install python3") == true)
  }

  @Test func refusesAScriptThatIsTooLarge() async {
    let script = [UInt8](repeating: 0x0A, count: PythonParser.scriptLimit + 1)
    await #expect(throws: ScriptError.self) { try await PythonParser().tree(of: script) }
  }
}
