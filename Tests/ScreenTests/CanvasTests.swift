import Screen
import Testing

@Suite struct CanvasTests {
  private func canvas(_ width: Int, _ height: Int) -> Canvas {
    Canvas(size: Size(width: width, height: height))
  }

  @Test func writesWhereItIsTold() {
    var canvas = canvas(8, 2)
    let result1 = canvas.write("ab", at: Point(x: 1, y: 0))
    #expect(result1 == 2)
    let result2 = canvas.write("→ é", at: Point(x: 0, y: 1), style: Style(.time))
    #expect(result2 == 3)
    #expect(canvas.text == " ab\n→ é")
    #expect(canvas.style(at: Point(x: 2, y: 1)) == Style(.time))
    #expect(canvas.style(at: Point(x: 3, y: 1)) == .plain)
    #expect(canvas.style(at: Point(x: 8, y: 1)) == nil)
  }

  @Test func cutsOffAtEveryEdge() {
    var canvas = canvas(4, 2)
    canvas.write("abcdef", at: Point(x: -2, y: 0))
    canvas.write("xyz", at: Point(x: 3, y: 1))
    canvas.write("no", at: Point(x: 0, y: 2))
    canvas.write("no", at: Point(x: 0, y: -1))
    #expect(canvas.text == "cdef\n   x")
  }

  @Test func survivesAnySizeAndPlace() {
    for size in [(0, 0), (1, 1), (0, 5), (5, 0), (2, 1), (1, 2)] {
      var canvas = canvas(size.0, size.1)
      for x in [Int.min, -3, -1, 0, 1, 4, Int.max] {
        for y in [Int.min, -1, 0, 1, Int.max] {
          canvas.write("日本 e\u{301} 😀 \u{1b}", at: Point(x: x, y: y), style: .selected)
          canvas.write("日本", at: Point(x: x, y: y), maxWidth: x)
          let rect = Rect(x: x, y: y, width: x, height: y)
          canvas.box(rect, title: "title")
          canvas.fill(rect)
          canvas.restyle(rect, with: .selected)
          canvas.horizontalLine(at: Point(x: x, y: y), length: y)
          canvas.verticalLine(at: Point(x: x, y: y), length: x)
        }
      }
      canvas.box(canvas.bounds, title: "title")
      #expect(canvas.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 5)
    }
    #expect(canvas(0, 0).text == "")
    #expect(canvas(1, 1).text == "")
  }

  @Test func wideCharactersTakeTwoCells() {
    var canvas = canvas(6, 1)
    let result3 = canvas.write("日😀x", at: Point(x: 0, y: 0))
    #expect(result3 == 5)
    #expect(canvas.text == "日😀x")
    #expect(canvas.cell(at: Point(x: 0, y: 0))?.width == 2)
    #expect(canvas.cell(at: Point(x: 1, y: 0))?.width == 0)
  }

  @Test func halfAWideCharacterIsABlank() {
    var canvas = canvas(3, 3)
    canvas.write("a日", at: Point(x: 1, y: 0))
    canvas.write("日b", at: Point(x: -1, y: 1))
    canvas.write("日", at: Point(x: 0, y: 2))
    canvas.write("x", at: Point(x: 1, y: 2))
    #expect(canvas.text == " a\n b\n x")
    canvas.write("日", at: Point(x: 0, y: 2))
    canvas.write("y", at: Point(x: 0, y: 2))
    #expect(canvas.text(row: 2) == "y")
  }

  @Test func marksShareTheCellOfTheirLetter() {
    var canvas = canvas(4, 1)
    let result4 = canvas.write("e\u{301}\u{302}x", at: Point(x: 0, y: 0))
    #expect(result4 == 2)
    #expect(canvas.cell(at: Point(x: 0, y: 0))?.marks == "\u{301}\u{302}")
    let result5 = canvas.write("\u{301}", at: Point(x: 2, y: 0))
    #expect(result5 == 1)
    #expect(canvas.text == "e\u{301}\u{302}x \u{301}")
  }

  @Test func manyMarksAreCutToWhatACellHolds() {
    var canvas = canvas(2, 1)
    let stacked = "a" + String(repeating: "\u{301}", count: 1_000)
    let result6 = canvas.write(stacked, at: Point(x: 0, y: 0))
    #expect(result6 == 1)
    #expect(canvas.cell(at: Point(x: 0, y: 0))?.marks.unicodeScalars.count == 4)
  }

  @Test func controlsShowAsEscapes() {
    var canvas = canvas(20, 1)
    canvas.write("a\u{1b}[31m\nb\u{202e}", at: Point(x: 0, y: 0))
    #expect(canvas.text == #"a\x1b[31m\nb\u{202e}"#)
  }

  @Test func tooLongATextEndsInAnEllipsis() {
    var canvas = canvas(20, 1)
    let result7 = canvas.write("bidirectional", at: Point(x: 0, y: 0), maxWidth: 6)
    #expect(result7 == 6)
    #expect(canvas.text == "bidir…")
    let result8 = canvas.write("x", at: Point(x: 10, y: 0), maxWidth: 0)
    #expect(result8 == 0)
  }

  @Test func clipsConfineAndNest() {
    var canvas = canvas(6, 3)
    canvas.clipped(to: Rect(x: 1, y: 1, width: 4, height: 1)) { canvas in
      canvas.fill(canvas.bounds, with: ".")
      canvas.clipped(to: Rect(x: 3, y: 0, width: 9, height: 9)) { $0.fill($0.bounds, with: "#") }
    }
    #expect(canvas.text == "\n ..##\n")
    #expect(canvas.clip == canvas.bounds)
  }

  @Test func boxesHaveTitlesThatFit() {
    var canvas = canvas(12, 3)
    let inner = canvas.box(canvas.bounds, title: "Stack")
    #expect(inner == Rect(x: 1, y: 1, width: 10, height: 1))
    #expect(canvas.text == "┌ Stack ───┐\n│          │\n└──────────┘")
    canvas.box(canvas.bounds, title: "bidirectional")
    #expect(canvas.text(row: 0) == "┌ bidire… ─┐")
  }

  @Test func tinyBoxesKeepTheirShape() {
    var two = canvas(2, 2)
    two.box(two.bounds, title: "title")
    #expect(two.text == "┌┐\n└┘")
    var flat = canvas(5, 1)
    let result9 = flat.box(flat.bounds)
    #expect(result9.isEmpty)
    #expect(flat.text == "")
  }

  @Test func restylingKeepsTheText() {
    var canvas = canvas(4, 1)
    canvas.write("ab", at: Point(x: 0, y: 0), style: Style(.forward, bold: true))
    canvas.restyle(Rect(x: 1, y: 0, width: 2, height: 1), with: .selected)
    #expect(canvas.text == "ab")
    #expect(canvas.style(at: Point(x: 1, y: 0)) == Style(.forward, bold: true, reverse: true))
    #expect(canvas.style(at: Point(x: 0, y: 0)) == Style(.forward, bold: true))
  }

  @Test func canvasesThatShowTheSameAreEqual() {
    var one = canvas(4, 1)
    var other = canvas(4, 1)
    one.write("o\u{308}", at: Point(x: 0, y: 0))
    one.write("e\u{301}", at: Point(x: 0, y: 0))
    other.write("e\u{301}", at: Point(x: 0, y: 0))
    #expect(one == other)
    other.cursor = Point(x: 0, y: 0)
    #expect(one != other)
    #expect(canvas(4, 1) != canvas(1, 4))
  }
}
