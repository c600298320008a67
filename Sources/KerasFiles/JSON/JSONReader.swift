import Neural
import OrderedCollections

/// Reads JSON text as Python's `json` module does, within bounds.
///
/// None of the usual libraries keeps the order of keys, tells `1` from `1.0`, reads the `NaN` and
/// `Infinity` that Python writes, and bounds nesting, all at once; Keras files need all four.
///
/// The text is UTF-8, with or without a byte order mark. As in Python, the last of two equal keys
/// wins, and an unpaired surrogate escape is let through (as U+FFFD, for Swift strings hold none).
/// Memory is bounded by the text: nothing is allocated ahead of the bytes that back it.
public struct JSONReader {
  /// How deeply lists and objects may be nested unless a caller says otherwise.
  public static let defaultDepthLimit = 200

  let bytes: UnsafeBufferPointer<UInt8>
  let depthLimit: Int
  var position = 0

  /// Reads one JSON value that makes up a whole text.
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - depthLimit: How deeply lists and objects may be nested.
  /// - Returns: The value, with the keys of its objects in the text's order.
  /// - Throws: `JSONError` where the text is not JSON, is not UTF-8, nests too deeply, or holds a
  ///   number that no double can hold.
  public static func read(
    _ bytes: [UInt8], depthLimit: Int = defaultDepthLimit
  ) throws(JSONError) -> ConfigValue {
    let result: Result<ConfigValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      var reader = JSONReader(bytes: buffer, depthLimit: depthLimit)
      do throws(JSONError) {
        return .success(try reader.document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private mutating func document() throws(JSONError) -> ConfigValue {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    skipSpace()
    guard position < bytes.count else {
      throw fault("the file is empty", "a JSON text holds one value, such as {…}")
    }
    let value = try value(depth: 0)
    skipSpace()
    if position < bytes.count {
      throw fault(
        "\(found()) stands after the end of the value", "remove what follows the last bracket")
    }
    return value
  }

  mutating func value(depth: Int) throws(JSONError) -> ConfigValue {
    guard position < bytes.count else {
      throw fault("the text ends where a value should stand", "the file may have been cut short")
    }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try list(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> ConfigValue {
    try enter(depth)
    var members: OrderedDictionary<String, ConfigValue> = [:]
    if closes(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw fault(
          "expected a key in double quotes, found \(found())", "write keys as \"key\": value")
      }
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else {
        throw fault("expected : after the key, found \(found())", "write keys as \"key\": value")
      }
      skipSpace()
      members[key] = try value(depth: depth)
      if try ends(with: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func list(depth: Int) throws(JSONError) -> ConfigValue {
    try enter(depth)
    var elements: [ConfigValue] = []
    if closes(UInt8(ascii: "]")) { return .list(elements) }
    while true {
      skipSpace()
      elements.append(try value(depth: depth))
      if try ends(with: UInt8(ascii: "]")) { return .list(elements) }
    }
  }

  private mutating func enter(_ depth: Int) throws(JSONError) {
    if depth > depthLimit {
      throw fault(
        "lists and objects are nested more than \(depthLimit) deep",
        "no Keras file nests so deeply; check what wrote this one")
    }
    position += 1
  }

  /// Takes the bracket that closes an empty list or object, if it comes next.
  private mutating func closes(_ bracket: UInt8) -> Bool {
    skipSpace()
    return take(bracket)
  }

  /// Takes a comma (false) or the closing bracket (true).
  private mutating func ends(with bracket: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    if take(bracket) { return true }
    if take(UInt8(ascii: ",")) { return false }
    let closing = Character(Unicode.Scalar(bracket))
    throw fault("expected , or \(closing), found \(found())", "add the missing \(closing) or comma")
  }

  private mutating func word() throws(JSONError) -> ConfigValue {
    let words: [(StaticString, ConfigValue)] = [
      ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
      ("NaN", .double(.nan)), ("Infinity", .double(.infinity)),
    ]
    for (word, value) in words where matches(word) {
      position += word.utf8CodeUnitCount
      return value
    }
    throw fault(
      "\(found()) begins no JSON value", "values are numbers, \"text\", true, false, null, […], {…}"
    )
  }

  func matches(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
    return true
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  /// The next byte as words for a message.
  func found() -> String {
    guard position < bytes.count else { return "the end of the text" }
    let byte = bytes[position]
    switch byte {
    case 0: return "a NUL byte"
    case 0x21..<0x7F: return String(Character(Unicode.Scalar(byte)))
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      return "byte 0x\(byte < 16 ? "0" : "")\(digits)"
    }
  }

  func fault(_ message: String, _ remedy: String, at place: Int? = nil) -> JSONError {
    var line = 1
    var column = 1
    for byte in bytes[..<min(place ?? position, bytes.count)] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return JSONError(line: line, column: column, message: message, remedy: remedy)
  }
}
