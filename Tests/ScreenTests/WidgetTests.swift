import Screen
import Testing

@Suite struct ListCursorTests {
  @Test func scrollsNoMoreThanItMust() {
    var list = ListCursor()
    for _ in 0..<4 {
      let result1 = list.handle(.down, count: 10, height: 3)
      #expect(result1)
    }
    #expect(list.selection == 4)
    #expect(list.visible(count: 10, height: 3) == 2..<5)
    _ = list.handle(.up, count: 10, height: 3)
    #expect(list.visible(count: 10, height: 3) == 2..<5)
    _ = list.handle(.character("G"), count: 10, height: 3)
    #expect(list.visible(count: 10, height: 3) == 7..<10)
    _ = list.handle(.character("g"), count: 10, height: 3)
    #expect(list.visible(count: 10, height: 3) == 0..<3)
  }

  @Test func pagesByAScreenLessOneRow() {
    var list = ListCursor()
    _ = list.handle(.pageDown, count: 20, height: 5)
    #expect(list.selection == 4)
    _ = list.handle(.pageDown, count: 6, height: 5)
    #expect(list.selection == 5)
    _ = list.handle(.pageUp, count: 6, height: 5)
    #expect(list.selection == 1)
  }

  @Test func staysInsideAListThatShrinks() {
    var list = ListCursor(selection: 9, offset: 8)
    #expect(list.visible(count: 3, height: 5) == 0..<3)
    list.settle(count: 3, height: 5)
    #expect(list.selection == 2)
    list.settle(count: 0, height: 0)
    #expect(list.selection == 0)
    #expect(list.visible(count: 0, height: 5).isEmpty)
    #expect(list.visible(count: 5, height: 0).isEmpty)
  }

  @Test func lettersMayBeText() {
    var list = ListCursor()
    let result2 = list.handle(.character("j"), count: 5, height: 5, letters: false)
    #expect(!result2)
    let result3 = list.handle(.character("x"), count: 5, height: 5)
    #expect(!result3)
    #expect(list.selection == 0)
  }

  @Test func wheelKeepsTheSelectionOnScreen() {
    var list = ListCursor()
    list.scroll(by: 3, count: 10, height: 4)
    #expect(list.visible(count: 10, height: 4) == 3..<7)
    #expect(list.selection == 3)
    list.scroll(by: .max, count: 10, height: 4)
    #expect(list.visible(count: 10, height: 4) == 6..<10)
    list.scroll(by: .min, count: 10, height: 4)
    #expect(list.selection == 3)
  }
}

@Suite struct DecorationTests {
  private func canvas(_ width: Int, _ height: Int) -> Canvas {
    Canvas(size: Size(width: width, height: height))
  }

  @Test func scrollbarShowsWhichPart() {
    func bar(_ visible: Range<Int>, of count: Int) -> String {
      var canvas = canvas(1, 4)
      Scrollbar(count: count, visible: visible).render(into: &canvas, in: canvas.bounds)
      return canvas.text.replacing("\n", with: "/")
    }
    #expect(bar(0..<4, of: 8) == "▐/▐//")
    #expect(bar(4..<8, of: 8) == "//▐/▐")
    #expect(bar(2..<6, of: 8) == "/▐/▐/")
    #expect(bar(0..<4, of: 4) == "///")
    #expect(bar(0..<4, of: 1_000_000) == "▐///")
    #expect(bar(999_996..<1_000_000, of: 1_000_000) == "///▐")
    #expect(bar(0..<4, of: .max) == "▐///")
  }

  @Test func hintsDropFromTheEnd() {
    let hints = KeyHints(
      [KeyHint("a", "add"), KeyHint("e", "edit"), KeyHint("u", "undo")], last: KeyHint("?", "help"))
    func line(_ width: Int) -> String {
      var canvas = canvas(width, 1)
      hints.render(into: &canvas, in: canvas.bounds)
      return canvas.text
    }
    #expect(line(40) == "a add  e edit  u undo  ? help")
    #expect(line(28) == "a add  e edit  ? help")
    #expect(line(12) == "? help")
    #expect(line(13) == "a add  ? help")
    #expect(line(5) == "a add")
    #expect(line(1) == "")
    #expect(line(0) == "")
  }

  @Test func tabsTellWhereTheyStand() {
    var canvas = canvas(14, 1)
    let places = Tabs(["1 Stack", "2 Run"], selected: 0).render(into: &canvas, in: canvas.bounds)
    #expect(canvas.text == "1 Stack  2 Run")
    #expect(places.map(\.minX) == [0, 9])
    #expect(canvas.style(at: Point(x: 0, y: 0))?.bold == true)
    var narrow = self.canvas(9, 1)
    let cut = Tabs(["1 Stack", "2 Run"], selected: 1).render(into: &narrow, in: narrow.bounds)
    #expect(narrow.text == "1 Stack")
    #expect(cut[1].isEmpty)
  }

  @Test func popupsClearWhatIsBelow() {
    var canvas = canvas(9, 5)
    canvas.fill(canvas.bounds, with: "x")
    let inner = Popup(content: Size(width: 5, height: 1), title: "P")
      .render(into: &canvas, in: canvas.bounds)
    #expect(inner == Rect(x: 2, y: 2, width: 5, height: 1))
    #expect(canvas.text == "xxxxxxxxx\nx┌ P ──┐x\nx│     │x\nx└─────┘x\nxxxxxxxxx")
    var tiny = self.canvas(1, 1)
    let none = Popup(content: Size(width: 5, height: 1)).render(into: &tiny, in: tiny.bounds)
    #expect(none.isEmpty)
  }
}

@Suite struct ColorTests {
  @Test func axesHaveDifferentColours() {
    let axes: [Color] = [.batch, .time, .features, .height, .width, .channels]
    for depth in [ColorDepth.ansi8, .ansi16, .palette256] {
      #expect(Set(axes.map { $0.index(at: depth) }).count == axes.count)
      #expect(Color.forward.index(at: depth) != Color.backward.index(at: depth))
    }
    #expect(Color.allCases.allSatisfy { $0.index(at: .none) == nil })
  }

  @Test func coloursStayWithinTheirDepth() {
    for color in Color.allCases {
      #expect((0..<256).contains(color.index(at: .palette256) ?? 0))
      #expect((0..<16).contains(color.index(at: .ansi16) ?? 0))
      #expect((0..<8).contains(color.index(at: .ansi8) ?? 0))
    }
  }

  @Test func textIsReadOnBlackAndOnWhite() {
    for color in Color.allCases where color != .selection && color != .onSelection {
      let luminance = relativeLuminance(color.index(at: .palette256) ?? 0)
      #expect((luminance + 0.05) / 0.05 >= 3, "\(color) on black")
      #expect(1.05 / (luminance + 0.05) >= 3, "\(color) on white")
    }
  }

  /// The luminance of a colour of xterm's cube or grey ramp (WCAG 2; x^2.2 is near enough).
  private func relativeLuminance(_ index: Int) -> Double {
    let levels = [0.0, 95, 135, 175, 215, 255]
    let grey = Double(8 + (index - 232) * 10)
    let cube = index - 16
    let parts =
      index >= 232
      ? [grey, grey, grey] : [levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6]]
    let linear = parts.map { part -> Double in
      let value = part / 255
      return value * value * (0.2 + 0.8 * value)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
}
