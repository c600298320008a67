import Screen
import Terminal
import Testing

@Suite struct InputDecoderTests {
  private func events(_ text: String, hasAlt: Bool = false) -> [InputEvent] {
    var decoder = InputDecoder(hasAlt: hasAlt)
    return decoder.decode(text.utf8) + decoder.flush()
  }

  private func keys(_ text: String, hasAlt: Bool = false) -> [Key] {
    events(text, hasAlt: hasAlt).compactMap { if case .key(let key) = $0 { key } else { nil } }
  }

  @Test func charactersAreKeys() {
    #expect(keys("aZ é日😀") == "aZ é日😀".map { .character($0) })
  }

  @Test func controlBytesAreKeys() {
    #expect(keys("\r\n\t\u{7f}\u{8}") == [.enter, .enter, .tab, .backspace, .backspace])
    #expect(keys("\u{3}\u{1a}\u{13}\u{11}") == "czsq".map { .control($0) })
    #expect(keys("\u{0}\u{1c}\u{1f}") == " \\_".map { .control($0) })
  }

  @Test(arguments: [
    ("\u{1b}[A", Key.up), ("\u{1b}OA", .up), ("\u{1b}[1;5A", .up), ("\u{1b}[D", .left),
    ("\u{1b}[H", .home), ("\u{1b}OF", .end), ("\u{1b}[1~", .home), ("\u{1b}[4~", .end),
    ("\u{1b}[7~", .home), ("\u{1b}[8~", .end), ("\u{1b}[2~", .insert), ("\u{1b}[3~", .delete),
    ("\u{1b}[5~", .pageUp), ("\u{1b}[6;2~", .pageDown), ("\u{1b}[Z", .backTab),
    ("\u{1b}OP", .function(1)), ("\u{1b}[15~", .function(5)), ("\u{1b}[24~", .function(12)),
    ("\u{1b}[[C", .function(3)), ("\u{1b}", .escape),
  ])
  func sequencesAreKeys(bytes: String, key: Key) {
    #expect(keys(bytes) == [key])
    #expect(keys(bytes + "x") == [key, .character("x")])
  }

  @Test func sequencesMayComeInPieces() {
    for text in ["\u{1b}[1;5A", "日", "😀", "\u{1b}[<0;3;4M", "\u{1b}[200~a\u{1b}[201~"] {
      var decoder = InputDecoder()
      var found: [InputEvent] = []
      for byte in text.utf8 { found += decoder.decode([byte]) }
      #expect(found == events(text))
      #expect(found.count == 1)
      #expect(!decoder.isIncomplete)
    }
  }

  @Test func escapeAndWhatFollowsAreTwoKeysUnlessAltIsWanted() {
    #expect(keys("\u{1b}q") == [.escape, .character("q")])
    #expect(keys("\u{1b}:\u{1b}\u{1b}") == [.escape, .character(":"), .escape, .escape])
    #expect(keys("\u{1b}O") == [.escape, .character("O")])
    #expect(keys("\u{1b}q\u{1b}é", hasAlt: true) == [.alt("q"), .alt("é")])
  }

  @Test func unknownSequencesLeaveNoLettersBehind() {
    #expect(keys("\u{1b}[I\u{1b}[O\u{1b}[?1;2c\u{1b}[99~\u{1b}[97;5ux") == [.character("x")])
    #expect(keys("\u{1b}]11;rgb:0000/0000/0000\u{1b}\\x") == [.character("x")])
    #expect(keys("\u{1b}]11;rgb:0\u{7}x") == [.character("x")])
    #expect(keys("\u{1b}P>|xterm(1)\u{1b}\\x") == [.character("x")])
    #expect(keys("\u{1b}[12\u{1b}[A") == [.up])
    #expect(keys("\u{1b}[12") == [])
  }

  @Test func invalidBytesAreDropped() {
    var decoder = InputDecoder()
    let bytes: [UInt8] = [0xff, 0xc0, 0x80, 0xe6, 0x97, 0x41, 0xed, 0xa0, 0x80, 0xc2, 0x9b, 0x42]
    #expect(decoder.decode(bytes) == [.key(.character("A")), .key(.character("B"))])
  }

  @Test func pastesArriveWhole() {
    #expect(
      events("a\u{1b}[200~x\r\ny\u{1b}[A日\u{1b}[201~b") == [
        .key(.character("a")), .paste("x\r\ny\u{1b}[A日"), .key(.character("b")),
      ])
    #expect(events("\u{1b}[200~\u{1b}[201~") == [.paste("")])
    #expect(events("\u{1b}[200~lost end") == [.paste("lost end")])
  }

  @Test func pastesAreBounded() {
    var decoder = InputDecoder()
    _ = decoder.decode("\u{1b}[200~".utf8)
    let chunk = [UInt8](repeating: 0x61, count: 1 << 18)
    for _ in 0..<8 { #expect(decoder.decode(chunk) == []) }
    guard case .paste(let text)? = decoder.decode("\u{1b}[201~".utf8).first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == InputDecoder.pasteLimit)
  }

  @Test func mouseReportsAreEvents() {
    let place = Point(x: 4, y: 2)
    #expect(events("\u{1b}[<0;5;3M") == [.mouse(Mouse(position: place, kind: .press))])
    #expect(events("\u{1b}[<0;5;3m") == [.mouse(Mouse(position: place, kind: .release))])
    #expect(
      events("\u{1b}[<34;5;3M") == [
        .mouse(Mouse(position: place, button: .right, kind: .drag))
      ])
    #expect(
      events("\u{1b}[<64;5;3M\u{1b}[<65;5;3M") == [
        .mouse(Mouse(position: place, kind: .wheelUp)),
        .mouse(Mouse(position: place, kind: .wheelDown)),
      ])
    #expect(events("\u{1b}[M %#") == [.mouse(Mouse(position: place, kind: .press))])
    #expect(events("\u{1b}[<0;0;0M\u{1b}[<0;99999999999999999999;1M\u{1b}[<;M") == [])
  }

  @Test func aSecondPressSoonAfterIsADoubleClick() {
    var decoder = InputDecoder()
    func kinds(_ text: String, at time: Int) -> [Mouse.Kind] {
      decoder.decode(text.utf8, at: time).compactMap {
        if case .mouse(let mouse) = $0 { mouse.kind } else { nil }
      }
    }
    let first = kinds("\u{1b}[<0;5;3M\u{1b}[<0;5;3m", at: 1_000)
    let second = kinds("\u{1b}[<0;5;3M\u{1b}[<0;5;3m", at: 1_300)
    let third = kinds("\u{1b}[<0;5;3M", at: 1_400)
    let late = kinds("\u{1b}[<0;5;3M", at: 2_000)
    let elsewhere = kinds("\u{1b}[<0;6;3M", at: 2_100)
    #expect(first == [.press, .release])
    #expect(second == [.doubleClick, .release])
    #expect([third, late, elsewhere] == [[.press], [.press], [.press]])
  }

  @Test func aTerminalsOwnSequencesComeFirst() {
    var decoder = InputDecoder(ownKeys: [(Array("\u{1b}[A".utf8), .function(9)), ([0x0a], .down)])
    #expect(decoder.decode("\u{1b}[A\n".utf8) == [.key(.function(9)), .key(.enter)])
  }

  @Test func anyBytesInAnyPiecesEndWithoutRemainder() {
    let pieces = [
      "\u{1b}", "[", "O", "]", "P", "<", "0", ";", "200~", "201~", "M", "m", "A", "日", "a", "\u{7}",
      "\\", "\u{1b}[200~", "\u{1b}[201~", "[<0;1;1M",
    ].map { Array($0.utf8) }
    var generator = SystemRandomNumberGenerator()
    var decoder = InputDecoder()
    for _ in 0..<20_000 {
      var bytes = pieces.randomElement(using: &generator) ?? []
      if Bool.random() { bytes.append(UInt8.random(in: 0...255)) }
      _ = decoder.decode(bytes)
      if Int.random(in: 0..<20) == 0 {
        _ = decoder.flush()
        #expect(!decoder.isIncomplete)
      }
    }
  }
}
