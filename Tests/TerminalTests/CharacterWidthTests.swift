import Screen
import Testing

@testable import Terminal

@Suite struct CharacterWidthTests {
  /// Characters that a canvas escapes are never measured by the C library.
  @Test @MainActor func agreesWithTheLibraryForEveryCharacterItKnows() throws {
    try #require(Locale.adopt("C.UTF-8"), "this system has no UTF-8 locale")
    var differing: [String] = []
    for value in UInt32(0x20)...0x10ffff {
      guard let scalar = Unicode.Scalar(value), !Sanitizer.mustEscape(scalar) else { continue }
      let library = Locale.columns(of: scalar)
      guard library >= 0, library != displayWidth(of: scalar) else { continue }
      differing.append("U+\(String(value, radix: 16))")
    }
    // Characters whose category changed between the library's Unicode and Swift's: few.
    #expect(differing.count < 16, "\(differing)")
  }
}
