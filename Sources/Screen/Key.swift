/// A key as the terminal reports it.
public enum Key: Hashable, Sendable {
  /// A printable character, space included.
  case character(Character)
  /// Return.
  case enter
  /// Escape, alone.
  case escape
  /// Tab, and shift-tab.
  case tab, backTab
  /// Delete to the left, and delete under the cursor.
  case backspace, delete
  /// The arrows.
  case up, down, left, right
  /// First and last.
  case home, end
  /// A screenful back and forth.
  case pageUp, pageDown
  /// Insert.
  case insert
  /// F1 and following, by number.
  case function(Int)
  /// A letter or sign held with ctrl, in lower case: ctrl-r is `.control("r")`.
  case control(Character)
  /// A character held with alt.
  case alt(Character)
}

/// What a mouse did at a cell.
public struct Mouse: Hashable, Sendable {
  /// A button.
  public enum Button: Hashable, Sendable {
    /// The usual button.
    case left
    /// The middle button or wheel pressed.
    case middle
    /// The other button.
    case right
  }

  /// An action.
  public enum Kind: Hashable, Sendable {
    /// A button went down.
    case press
    /// A button came up.
    case release
    /// The mouse moved with a button down.
    case drag
    /// A second press at the same cell, soon after the first.
    case doubleClick
    /// The wheel turned away from the person.
    case wheelUp
    /// The wheel turned towards the person.
    case wheelDown
  }

  /// The cell under the pointer.
  public let position: Point
  /// The button; `.left` for the wheel.
  public let button: Button
  /// What happened.
  public let kind: Kind

  /// Makes a mouse event.
  public init(position: Point, button: Button = .left, kind: Kind) {
    self.position = position
    self.button = button
    self.kind = kind
  }
}

/// What a terminal session reports.
public enum InputEvent: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The mouse was used.
  case mouse(Mouse)
  /// Text was pasted, as it came: it may hold line breaks and controls.
  case paste(String)
  /// The terminal has this size now.
  case resize(Size)
  /// Another thread asked for attention.
  case wake
  /// The terminal went away: nothing can be shown or asked any more.
  case hangup
  /// A signal with this number asked the program to end.
  case terminate(signal: Int32)
}
