import Screen
import Testing

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("ｆｕｌｌ", 8), ("ｱ", 1),
    ("😀", 2), ("→·▸│", 4), ("👍🏽", 2), ("❤\u{fe0f}", 1), ("\u{1100}\u{1161}\u{11a8}", 2),
    ("\u{1b}", 4), ("\u{200b}", 8), ("नि", 2),
  ])
  func countsColumns(text: String, columns: Int) {
    #expect(displayWidth(of: text) == columns)
  }
}

@Suite struct FitTests {
  @Test func leavesWhatFits() {
    #expect(fit("dense", to: 5) == "dense")
    #expect(fit("日本", to: 4) == "日本")
    #expect(fit("", to: 0) == "")
  }

  @Test func marksWhatIsMissing() {
    #expect(fit("bidirectional", to: 5) == "bidi…")
    #expect(fit("bidirectional", to: 5, truncation: .start) == "…onal")
    #expect(fit("bidirectional.py", to: 9, truncation: .middle) == "bidi…l.py")
    #expect(fit("日本語", to: 4) == "日…")
    #expect(fit("日本語", to: 5) == "日本…")
    #expect(fit("ab", to: 1) == "…")
    #expect(fit("ab", to: 0) == "")
    #expect(fit("ab", to: -1) == "")
  }

  @Test func padsToTheColumn() {
    #expect(pad("ab", to: 4) == "ab  ")
    #expect(pad("28,400", to: 8, alignment: .right) == "  28,400")
    #expect(pad("ab", to: 5, alignment: .center) == " ab  ")
    #expect(pad("日本語", to: 4) == "日… ")
    #expect(pad("ab", to: -3) == "")
  }

  @Test func neverExceedsItsColumns() {
    for text in ["日a本b語c", "e\u{301}日😀", "a\u{1b}b", "👨‍👩‍👧"] {
      for columns in 0...12 {
        for truncation in [Truncation.end, .middle, .start] {
          let fitted = fit(text, to: columns, truncation: truncation)
          #expect(displayWidth(of: fitted) <= columns)
          #expect(displayWidth(of: pad(text, to: columns, truncation: truncation)) == columns)
        }
      }
    }
  }
}

@Suite struct SanitizerTests {
  @Test func leavesTextAlone() {
    for text in ["", "abc", "é → 日本 😀 ½ ¿", "עברית", "e\u{301}", "\u{e000}"] {
      #expect(Sanitizer.sanitized(text) == text)
      #expect(!Sanitizer.needsEscape(text))
    }
  }

  @Test func escapesEveryControl() {
    let controls = Array(UInt32(0)..<0x20) + Array(0x7f..<0xa0)
    for value in controls {
      let scalar = Unicode.Scalar(value).map { String(Character($0)) } ?? ""
      let escaped = Sanitizer.sanitized("a\(scalar)b")
      #expect(escaped.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
      #expect(escaped.hasPrefix("a\\") && escaped.hasSuffix("b"))
    }
    #expect(Sanitizer.sanitized("\u{1b}\u{7f}\u{9b}\u{0}") == #"\x1b\x7f\x9b\x00"#)
    #expect(Sanitizer.sanitized("a\r\n\tb") == #"a\r\n\tb"#)
  }

  @Test(arguments: [
    0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b,
    0x202c, 0x202d, 0x202e, 0x2060, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0x206f, 0xfeff, 0xfff9,
    0xfffb, 0xe0001, 0xe0020, 0xe007f, 0x115f, 0x3164, 0xffa0,
  ])
  func escapesWhatHidesOrReorders(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let digits = String(value, radix: 16)
    let expected = value < 0x100 ? "\\x\(digits)" : "\\u{\(digits)}"
    #expect(Sanitizer.sanitized("x" + String(Character(scalar))) == "x" + expected)
  }

  @Test func nothingInvisibleOfUnicodePasses() {
    for value in UInt32(0)...0x10ffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        #expect(Sanitizer.mustEscape(scalar), "U+\(String(value, radix: 16))")
      default: break
      }
    }
  }

  @Test func isStable() {
    let once = Sanitizer.sanitized("\u{1b}]0;title\u{7}\u{202e}")
    #expect(Sanitizer.sanitized(once) == once)
  }
}

@Suite struct GlyphsTests {
  @Test func everythingWeDrawHasAnASCIIForm() {
    #expect(Glyphs.ascii("┌─┐│└┘ ▸ 50→ 50← · ● × …") == "+-+|++ > 50> 50< . * x ~")
    #expect(Glyphs.ascii("█▇▆▅▄▃▂▁ ▓▒░") == "##===--. *+:")
    #expect(Glyphs.ascii("c₋₁ −0.31") == "c-1 -0.31")
  }

  @Test func theUnknownIsAQuestionMarkPerColumn() {
    #expect(Glyphs.ascii("日aé😀e\u{301}") == "??a???e")
  }

  @Test func columnsStayTheSame() {
    for value in UInt32(0x20)..<0x30000 {
      guard let scalar = Unicode.Scalar(value), !Sanitizer.mustEscape(scalar) else { continue }
      let width = displayWidth(of: scalar)
      guard width > 0 else { continue }
      let ascii = Glyphs.ascii(scalar, width: width)
      #expect(ascii.utf8.count == width)
      #expect(ascii.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
    }
  }
}
