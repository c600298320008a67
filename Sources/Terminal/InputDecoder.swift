import Screen

/// Turns the bytes of a terminal into events; a value, so that any input can be tried in a test.
///
/// Unknown escape sequences are swallowed whole: their letters are never taken for keys.
public struct InputDecoder: Sendable {
  /// Bytes of a paste that are kept; the rest is dropped.
  public static let pasteLimit = 1 << 20
  private static let pasteEnd = Array("\u{1b}[201~".utf8)

  /// Sequences of this terminal beside the usual ones, longest first.
  let ownKeys: [(bytes: [UInt8], key: Key)]
  /// Whether `ESC x` is alt-x; else it is escape, then x, as a fast hand types it.
  let hasAlt: Bool
  private var buffer: [UInt8] = []
  private var paste: [UInt8]?
  private var clicks = ClickCounter()

  /// Makes a decoder.
  ///
  /// - Parameters:
  ///   - ownKeys: Byte sequences the terminal sends beside the usual ones.
  ///   - hasAlt: Whether escape followed at once by a character is that character with alt.
  public init(ownKeys: [(bytes: [UInt8], key: Key)] = [], hasAlt: Bool = false) {
    self.ownKeys = ownKeys.filter { $0.bytes.count > 1 }.sorted { $0.bytes.count > $1.bytes.count }
    self.hasAlt = hasAlt
  }

  /// Whether a sequence or a paste has begun and its end may still come.
  public var isIncomplete: Bool { !buffer.isEmpty || paste != nil }

  /// Whether text is being pasted.
  public var isPasting: Bool { paste != nil }

  /// Decodes bytes as far as they go; the rest waits for more.
  ///
  /// - Parameters:
  ///   - bytes: What the terminal sent.
  ///   - milliseconds: The time it came at, from any start; it tells double clicks.
  /// - Returns: The events that are complete.
  public mutating func decode(_ bytes: some Sequence<UInt8>, at milliseconds: Int = 0)
    -> [InputEvent]
  {
    buffer += bytes
    return events(at: milliseconds, isLast: false)
  }

  /// Decodes what waited, since nothing followed it: a lone ESC becomes the escape key.
  public mutating func flush() -> [InputEvent] {
    var flushed = events(at: 0, isLast: true)
    if let paste {
      flushed.append(
        .paste(String(decoding: (paste + buffer).prefix(Self.pasteLimit), as: UTF8.self)))
      self.paste = nil
    }
    buffer = []
    return flushed
  }

  private mutating func events(at milliseconds: Int, isLast: Bool) -> [InputEvent] {
    var events: [InputEvent] = []
    var rest = buffer[...]
    while !rest.isEmpty {
      if paste != nil {
        guard let text = takePaste(&rest) else { break }
        events.append(.paste(text))
        continue
      }
      guard let item = next(in: rest, isLast: isLast) else { break }
      rest = rest.dropFirst(item.count)
      switch item.meaning {
      case .event(.mouse(let mouse)):
        events.append(.mouse(clicks.count(mouse, at: milliseconds)))
      case .event(let event): events.append(event)
      case .pasteStart: paste = []
      case .nothing: break
      }
    }
    buffer = Array(rest)
    return events
  }

  /// Moves pasted bytes over; the text once its end is there.
  private mutating func takePaste(_ rest: inout ArraySlice<UInt8>) -> String? {
    let end = Self.pasteEnd
    while let start = rest.firstIndex(of: end[0]) {
      collect(rest[..<start])
      rest = rest[start...]
      if rest.starts(with: end) {
        rest = rest.dropFirst(end.count)
        defer { paste = nil }
        return String(decoding: paste ?? [], as: UTF8.self)
      }
      if rest.count < end.count, end.starts(with: rest) { return nil }
      collect(rest.prefix(1))
      rest = rest.dropFirst()
    }
    collect(rest)
    rest = []
    return nil
  }

  private mutating func collect(_ bytes: ArraySlice<UInt8>) {
    let room = Self.pasteLimit - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes.prefix(room))
  }
}
