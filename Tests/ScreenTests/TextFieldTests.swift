import Screen
import Testing

@Suite struct TextFieldTests {
  private func field(_ text: String, _ keys: Key...) -> TextField {
    var field = TextField(text)
    for key in keys { _ = field.handle(key) }
    return field
  }

  private func screen(_ field: TextField, width: Int) -> (text: String, cursor: Int?) {
    var canvas = Canvas(size: Size(width: width, height: 1))
    field.render(into: &canvas, in: canvas.bounds)
    return (canvas.text, canvas.cursor?.x)
  }

  @Test func typesAtTheCursor() {
    #expect(field("ac", .left, .character("b")).text == "abc")
    #expect(field("bc", .home, .character("a")).text == "abc")
    #expect(field("bc", .home, .character("a"), .control("e"), .character("d")).text == "abcd")
  }

  @Test func deletesInBothDirections() {
    #expect(field("abc", .backspace).text == "ab")
    #expect(field("abc", .home, .backspace).text == "abc")
    #expect(field("abc", .home, .delete).text == "bc")
    #expect(field("abc", .delete).text == "abc")
    #expect(field("one two  ", .control("w")).text == "one ")
    #expect(field("one two", .left, .control("u")).text == "o")
    #expect(field("one two", .home, .right, .control("k")).text == "o")
    #expect(field("", .control("w"), .control("u"), .control("k"), .backspace).text == "")
  }

  @Test func movesByCharactersNotBytes() {
    let field = field("日e\u{301}😀", .left, .left)
    #expect(field.cursor == 1)
    #expect(screen(field, width: 10).cursor == 2)
    #expect(self.field("日e\u{301}", .backspace).text == "日")
  }

  @Test func aTypedMarkJoinsItsLetter() {
    let field = field("e", .character("\u{301}"))
    #expect(field.text == "e\u{301}")
    #expect(field.cursor == 1)
    #expect(screen(field, width: 5).cursor == 1)
  }

  @Test func leavesOtherKeysToOthers() {
    var field = TextField("a")
    for key in [Key.enter, .escape, .tab, .up, .down, .function(1), .control("c"), .pageUp] {
      let result1 = field.handle(key)
      #expect(!result1)
    }
    #expect(field.text == "a")
  }

  @Test func pastesAsOneLine() {
    var field = TextField("[]")
    _ = field.handle(.left)
    field.insert("a\nb\tc\u{1b}\u{0}d\r\ne")
    #expect(field.text == "[a b cd e]")
    field.insert(String(repeating: "x", count: 100_000))
    #expect(field.text.count == TextField.limit)
  }

  @Test func scrollsToItsCursor() {
    var field = TextField("abcdefghij")
    #expect(screen(field, width: 20) == ("abcdefghij", 10))
    #expect(screen(field, width: 5) == ("ghij", 4))
    _ = field.handle(.home)
    #expect(screen(field, width: 5) == ("abcde", 0))
    for _ in 0..<5 { _ = field.handle(.right) }
    #expect(screen(field, width: 5) == ("defgh", 2))
    #expect(screen(field, width: 1) == ("f", 0))
    #expect(screen(field, width: 0) == ("", nil))
  }

  @Test func showsItsPlaceholderWhileEmpty() {
    var canvas = Canvas(size: Size(width: 6, height: 1))
    TextField().render(into: &canvas, in: canvas.bounds, placeholder: "layer name")
    #expect(canvas.text == "layer…")
    #expect(canvas.cursor == Point(x: 0, y: 0))
    TextField().render(into: &canvas, in: canvas.bounds, isFocused: false)
    #expect(canvas.text == "")
  }

  @Test func survivesRandomKeys() {
    let keys: [Key] = [
      .left, .right, .home, .end, .backspace, .delete, .control("w"), .control("u"), .control("k"),
      .alt("b"), .alt("f"), .alt("d"), .character("a"), .character(" "), .character("日"),
      .character("\u{301}"), .character("😀"), .character("\u{200d}"), .character("🇫"),
    ]
    var generator = SystemRandomNumberGenerator()
    var field = TextField()
    for _ in 0..<5_000 {
      _ = field.handle(keys.randomElement(using: &generator) ?? .left)
      let shown = screen(field, width: 7)
      #expect((0..<7).contains(shown.cursor ?? -1))
    }
  }
}
