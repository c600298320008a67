import KerasFiles
import Neural
import Testing

private func read(_ text: String) throws -> ConfigValue {
  try JSONReader.read(Array(text.utf8))
}

@Suite struct JSONReaderTests {
  @Test func readsEveryKindOfValueAndKeepsTheOrderOfKeys() throws {
    let value = try read(#"{"b": [1, 1.0, -2e3, true, false, null], "a": {"x": "y"}, "c": []}"#)
    #expect(
      value == [
        "b": [1, .double(1), .double(-2000), true, false, nil], "a": ["x": "y"], "c": [],
      ])
    #expect(value.objectValue.map { Array($0.keys) } == ["b", "a", "c"])
  }

  @Test func tellsWholeNumbersFromOthers() throws {
    #expect(try read("1") == .int(1))
    #expect(try read("1.0") == .double(1))
    #expect(try read("9223372036854775807") == .int(.max))
    #expect(try read("9223372036854775808") == .double(9223372036854775808))
    #expect(try read("-0") == .int(0))
  }

  @Test func readsWhatPythonWritesBesideJSON() throws {
    guard case .list(let values) = try read("[NaN, Infinity, -Infinity]") else {
      Issue.record("no list")
      return
    }
    #expect(values[0].doubleValue?.isNaN == true)
    #expect(Array(values[1...]) == [.double(.infinity), .double(-.infinity)])
  }

  @Test func theLastOfTwoEqualKeysWins() throws {
    #expect(try read(#"{"a": 1, "a": 2}"#) == ["a": 2])
  }

  @Test(arguments: [
    (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\ud83d\ude00""#, "é😀"),
    (#""\ud800x""#, "\u{FFFD}x"), (#""\udc00""#, "\u{FFFD}"), ("\"日本\"", "日本"),
    ("\"\u{7F}\"", "\u{7F}"),
  ])
  func unescapesStrings(text: String, expected: String) throws {
    #expect(try read(text) == .string(expected))
  }

  @Test func acceptsAByteOrderMarkAndWindowsLineBreaks() throws {
    #expect(try JSONReader.read([0xEF, 0xBB, 0xBF] + Array("[1,\r\n2]\r\n".utf8)) == [1, 2])
  }

  @Test func namesLineAndColumnOfAFault() throws {
    let error = #expect(throws: JSONError.self) { try read("{\"a\": 1,\n  \"é\" 2}") }
    #expect(error?.line == 2)
    #expect(error?.column == 7)
    #expect(error?.message == "expected : after the key, found 2")
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{a: 1}", "{1: 2}", "\"a",
    "\"\\x\"",
    "\"\\u12g4\"", "\"\n\"", "01", "1.", "1e", "-", "+1", "tru", "nan", "1 2", "[1]]", "1e400",
    "-1e999",
    "'a'", "[1 2]", "\u{0}", "{\"a\": 1,}",
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try read(text) }
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xC0, 0x80, 0x22]) }
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test func boundsNesting() throws {
    let fits = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(throws: Never.self) { try read(fits) }
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: JSONError.self) { try read(deep) }
    #expect(error?.column == 201)
  }

  @Test func readsAHugeStringAndRefusesAHugeNumber() throws {
    let text = String(repeating: "x", count: 10_000_000)
    #expect(try read("\"\(text)\"") == .string(text))
    #expect(throws: JSONError.self) { try read(String(repeating: "9", count: 100_000)) }
  }

  @Test func survivesEveryCutAndEveryFlippedByte() {
    let good = Array(#"{"a": [1, -2.5e-3, "xé\n\u00e9", null, true], "b": {"c": NaN}}"#.utf8)
    for index in good.indices {
      _ = try? JSONReader.read(Array(good[..<index]))
      for bit in 0..<8 {
        var flipped = good
        flipped[index] ^= 1 << bit
        _ = try? JSONReader.read(flipped)
      }
    }
  }
}

@Suite struct JSONWriterTests {
  @Test func writesOnOneLineAsPythonDoes() {
    let value: ConfigValue = ["a": [1, .double(1), nil, true], "b": [:], "c": [], "d": "é\"\n"]
    #expect(
      JSONWriter.write(value)
        == #"{"a": [1, 1.0, null, true], "b": {}, "c": [], "d": "é\"\n"}"#)
  }

  @Test func writesIndented() {
    let value: ConfigValue = ["a": [1, ["b": 2]], "c": []]
    #expect(
      JSONWriter.write(value, indent: 2) == """
        {
          "a": [
            1,
            {
              "b": 2
            }
          ],
          "c": []
        }
        """)
  }

  @Test(arguments: [
    (0.1, "0.1"), (1e-7, "1e-07"), (1.5e-5, "1.5e-05"), (0.0001, "0.0001"), (1e16, "1e+16"),
    (123456789012345680, "1.2345678901234568e+17"), (9007199254740993, "9007199254740992.0"),
    (1e15, "1000000000000000.0"), (1e22, "1e+22"), (-2.5, "-2.5"), (0, "0.0"), (-0.0, "-0.0"),
    (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
    (.infinity, "Infinity"), (-.infinity, "-Infinity"), (.nan, "NaN"), (100, "100.0"),
    (12345678901234567, "1.2345678901234568e+16"),
  ])
  func writesFloatsAsPythonDoes(value: Double, expected: String) {
    #expect(JSONWriter.literal(value) == expected)
  }

  @Test func whatItWritesReadsBackTheSame() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let value: ConfigValue = [
        "x": .double(number), "é\u{1}\\": .list([.int(Int(bitPattern: UInt(generator.next())))]),
      ]
      #expect(try JSONReader.read(Array(JSONWriter.write(value, indent: 1).utf8)) == value)
    }
  }
}
