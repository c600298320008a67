import Neural
import Testing

@testable import KerasFiles

@Suite struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable { try CSVTable(Array(text.utf8)) }

  @Test func rowsAreLinesAndColumnsAreCells() throws {
    #expect(try table("1,2,3\n4,5,6\n").numbers == Tensor([2, 3], [1, 2, 3, 4, 5, 6]))
    #expect(try table("1\n-2.5e1\n.5").numbers == Tensor([3, 1], [1, -25, 0.5]))
  }

  @Test(arguments: [
    "1,2\r\n3,4\r\n", "1,2\r3,4", "\u{FEFF}1,2\n3,4\n\n\n", "1;2\n3;4", "1\t2\n3\t4\n",
    " 1 , 2 \n\"3\",\"4\"\n", "t,x\n1,2\n3,4", "\"time, s\",\"a \"\"b\"\"\"\n1,2\n3,4\n",
    "# made by hand\n# t x\n1,2\n3,4\n", "\n1,2\n3,4\n", "+1,2.0\n3e0,4.\n",
  ])
  func theUsualFormsGiveTheSameNumbers(_ text: String) throws {
    #expect(try table(text).numbers == Tensor([2, 2], [1, 2, 3, 4]))
  }

  @Test func aFirstLineOfNamesIsLeftOut() throws {
    #expect(try table("t,\"x, y\"\n1,2").names == ["t", "x, y"])
    #expect(try table("1,2").names == [])
  }

  @Test func whatIsNoNumberIsOneWhereItIsMeant() throws {
    let values = try table("nan,NaN,inf,-inf,Infinity\n1,2,3,4,5").numbers.values
    #expect(values[0].isNaN && values[1].isNaN)
    #expect(values[2...4] == [.infinity, -.infinity, .infinity])
  }

  @Test(arguments: [
    ("1,2\n3\n", 2, 1, "1 value, the lines before it 2"),
    ("1,2\n3,4,5\n", 2, 1, "3 values"),
    ("1,2\n3,\n", 2, 3, "empty"),
    ("1,2,\n", 1, 5, "empty"),
    ("1,2\n3,four\n", 2, 3, "“four” is no number"),
    ("a,b\nc,d\n", 2, 1, "“c” is no number"),
    ("1,two\n", 1, 3, "“two”"),
    ("1,2\n\n3,4\n", 2, 1, "empty line"),
    ("1,5;2,5\n", 1, 4, "commas and semicolons"),
    ("1,2\n3\t4\n", 2, 2, "commas and tabs"),
    ("1 2 3\n4 5 6\n", 1, 1, "delimiter=','"),
    ("1,\"2\n3,4\n", 1, 3, "never closed"),
    ("1,\"2\"x\n", 1, 6, "closing quote"),
    ("1,1e400\n", 1, 3, "beyond"),
    ("1,0x10\n", 1, 3, "“0x10”"),
    ("ä,b\nß,1\n", 2, 1, "“ß”"),
    (",a,b\n0,1,2\n", 1, 1, "index=False"),
    (",0,1\n0,1,2\n", 1, 1, "index=False"),
  ])
  func whatIsNoTableSaysWhereAndWhy(_ text: String, line: Int, column: Int, word: String) throws {
    let fault = try #require(throws: ArrayFault.self) { try table(text) }
    #expect(fault.line == line && fault.column == column, "\(fault)")
    #expect(fault.message.contains(word) || fault.remedy.contains(word), "\(fault)")
  }

  @Test(arguments: [("", "is empty"), ("\n\n", "is empty"), ("a,b\n", "no rows")])
  func aTextWithoutRowsSaysSo(_ text: String, word: String) throws {
    let fault = try #require(throws: ArrayFault.self) { try table(text) }
    #expect(fault.message.contains(word))
  }

  @Test func otherEncodingsAreNamed() throws {
    let fault = try #require(throws: ArrayFault.self) { try CSVTable([0xFF, 0xFE, 0x31, 0]) }
    #expect(fault.message.contains("UTF-16"))
    #expect(throws: ArrayFault.self) { try CSVTable([0x31, 0, 0x32]) }
    #expect(throws: ArrayFault.self) { try CSVTable([0x31, 0x2C, 0xC3]) }
  }

  @Test func memoryIsBounded() throws {
    let text = Array(String(repeating: "1,2\n", count: 1000).utf8)
    let fault = try #require(throws: ArrayFault.self) {
      try CSVTable(text, limit: MemoryLimit(bytes: 8000))
    }
    #expect(fault.message.contains("bytes"))
  }

  @Test func noFlippedByteAndNoCutBreaksTheReader() {
    let bytes = Array("t,\"x\"\n1,\"2\"\r\n-3e1,nan\n".utf8)
    for place in bytes.indices {
      for flip: UInt8 in [0x01, 0x02, 0x08, 0x20, 0x80, 0xFF] {
        var changed = bytes
        changed[place] ^= flip
        _ = try? CSVTable(changed)
      }
      _ = try? CSVTable(Array(bytes[..<place]))
    }
  }
}
