@preconcurrency import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The process' environment.
enum Environment {
  static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// The character set of the person's locale.
enum Locale {
  /// Adopts the locale's character set and tells whether it is UTF-8.
  ///
  /// Only the characters: a locale's decimal comma has no place in numbers written to files.
  @MainActor
  static func isUnicode() -> Bool {
    if setlocale(LC_CTYPE, "") == nil, namesUTF8 {
      // The named locale is not installed, but the terminal is still what the name says.
      _ = adopt("C.UTF-8") || adopt("en_US.UTF-8")
    }
    guard let codeset = nl_langinfo(nl_item(CODESET)) else { return false }
    return isUTF8(String(cString: codeset))
  }

  /// Adopts a locale's character set by name; false if it is not installed.
  @MainActor
  static func adopt(_ name: String) -> Bool { setlocale(LC_CTYPE, name) != nil }

  /// Columns the C library gives a character in the adopted locale; -1 if it does not know it.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    Int(cn_character_width(wchar_t(truncatingIfNeeded: scalar.value)))
  }

  private static var namesUTF8: Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Environment.value)
    return isUTF8(names.first { !$0.isEmpty } ?? "")
  }

  private static func isUTF8(_ name: String) -> Bool {
    let plain = name.uppercased().filter { $0 != "-" }
    return plain.hasSuffix("UTF8")
  }
}
