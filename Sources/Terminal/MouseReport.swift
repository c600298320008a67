import Screen

/// Mouse events out of xterm's reports.
enum MouseReport {
  /// The report of mode 1006: button code, column and row from 1.
  static func extended(_ numbers: [Int], isRelease: Bool) -> Mouse? {
    guard numbers.count == 3 else { return nil }
    return mouse(code: numbers[0], column: numbers[1], row: numbers[2], isRelease: isRelease)
  }

  /// The old report: three bytes, each 32 more than its number.
  static func legacy(_ code: UInt8, _ column: UInt8, _ row: UInt8) -> Mouse? {
    guard code >= 32, column > 32, row > 32 else { return nil }
    // It does not tell which button came up.
    let isRelease = (code - 32) & 0x43 == 3
    return mouse(
      code: Int(code) - (isRelease ? 35 : 32), column: Int(column) - 32, row: Int(row) - 32,
      isRelease: isRelease)
  }

  private static func mouse(code: Int, column: Int, row: Int, isRelease: Bool) -> Mouse? {
    guard (1...Size.limit).contains(column), (1...Size.limit).contains(row), code >= 0 else {
      return nil
    }
    let position = Point(x: column - 1, y: row - 1)
    let isMotion = code & 32 != 0
    // Shift, meta and control (4, 8, 16) make no difference here.
    switch code & 0xc3 {
    case 0x40: return Mouse(position: position, kind: .wheelUp)
    case 0x41: return Mouse(position: position, kind: .wheelDown)
    case 0...2:
      let button: Mouse.Button = [.left, .middle, .right][code & 3]
      let kind: Mouse.Kind = isRelease ? .release : isMotion ? .drag : .press
      return Mouse(position: position, button: button, kind: kind)
    default: return nil
    }
  }
}

/// Tells a double click from two clicks.
struct ClickCounter: Sendable {
  /// Milliseconds within which a second press makes a double click.
  private static let interval = 400
  private var last: (mouse: Mouse, time: Int)?

  mutating func count(_ mouse: Mouse, at time: Int) -> Mouse {
    guard mouse.kind == .press else { return mouse }
    if let last, last.mouse == mouse, time - last.time <= Self.interval {
      self.last = nil
      return Mouse(position: mouse.position, button: mouse.button, kind: .doubleClick)
    }
    last = (mouse, time)
    return mouse
  }
}
