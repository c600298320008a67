import Neural
import Screen

/// The keys of the screens: one list for the hints at the bottom and for the help.
enum Keymap {
  /// A group of keys with a title.
  struct Group {
    var title: String
    var keys: [(key: String, help: String)]
  }

  static let stack: [Group] = [
    Group(
      title: "Layers",
      keys: [
        ("a", "add a layer below"), ("A", "add a layer above"), ("e enter", "edit the settings"),
        ("d", "delete"), ("y", "copy; a on another layer can join the two"), ("p", "paste below"),
        ("K J", "move up, down"),
      ]),
    Group(
      title: "Recurrent layers",
      keys: [
        ("b", "wrap in Bidirectional, or unwrap"), ("t", "wrap in TimeDistributed, or unwrap"),
        ("r", "return_sequences on or off"), ("m", "next merge_mode"),
      ]),
    Group(
      title: "Moving",
      keys: [
        ("↑ k  ↓ j", "up, down"), ("← →", "to the tower beside"), ("g home", "first"),
        ("G end", "last"), ("pgup pgdn", "a page"), ("/", "search"),
        ("n N", "next, previous match"),
        ("tab", "list or inspector"),
      ]),
    Group(
      title: "Everywhere",
      keys: [
        ("u", "undo"), ("ctrl-r", "redo"), ("ctrl-s", "save"), (":", "command line, tab completes"),
        ("?", "this help"), ("esc", "back"), ("ctrl-z", "suspend"), ("q", "quit"),
      ]),
    Group(
      title: "Axes",
      keys: [
        ("B", "batch: samples"), ("T", "time: timesteps"), ("F", "features"),
        ("H W", "height, width"),
        ("C", "channels"), ("50→ 50←", "forward and backward parts of an axis"),
        ("None", "free: any size fits"),
      ]),
  ]

  /// The keys at the bottom of the screen, the most useful first.
  static func hints(for state: State) -> KeyHints {
    switch state.focus {
    case .form:
      return KeyHints([
        KeyHint("↑↓", "setting"), KeyHint("←→", "choose"), KeyHint("enter", "done"),
        KeyHint("esc", "cancel"),
      ])
    case .picker:
      return KeyHints([
        KeyHint("type", "filter"), KeyHint("↑↓", "choose"), KeyHint("enter", "add"),
        KeyHint("esc", "cancel"),
      ])
    case .command:
      return KeyHints([
        KeyHint("enter", "run"), KeyHint("tab", "complete"), KeyHint("↑↓", "earlier commands"),
        KeyHint("esc", "cancel"),
      ])
    case .search:
      return KeyHints([KeyHint("enter", "select"), KeyHint("esc", "back")])
    case .help:
      return KeyHints([KeyHint("↑↓", "scroll"), KeyHint("esc", "close")])
    case .confirmQuit:
      return KeyHints([
        KeyHint("y", "quit without saving"), KeyHint("s", "save and quit"), KeyHint("esc", "stay"),
      ])
    case .confirmOverwrite:
      return KeyHints([KeyHint("y", "replace it"), KeyHint("esc", "keep it")])
    case .inspector:
      return KeyHints(
        [KeyHint("↑↓", "scroll"), KeyHint("tab", "list"), KeyHint("e", "edit")],
        last: KeyHint("?", "help"))
    case .stack:
      return KeyHints(stackHints(state), last: KeyHint("?", "help"))
    }
  }

  /// What makes sense on the selected layer comes with it.
  private static func stackHints(_ state: State) -> [KeyHint] {
    var hints = [KeyHint("a", "add")]
    if let layer = state.selectedLayer?.layer {
      hints.append(KeyHint("e", "edit"))
      if layer.recurrent != nil {
        hints.append(KeyHint("b", "bidirectional"))
        hints.append(KeyHint("r", "return_sequences"))
      }
      if layer.layer is Bidirectional { hints.append(KeyHint("m", "merge mode")) }
      if state.document.canUndo { hints.append(KeyHint("u", "undo")) }
      hints.append(KeyHint("q", "quit"))
      if !(layer.layer is InputLayer) {
        hints.append(KeyHint("d", "delete"))
        hints.append(KeyHint("K J", "move"))
      }
    } else {
      if state.document.canUndo { hints.append(KeyHint("u", "undo")) }
      hints.append(KeyHint("q", "quit"))
    }
    return hints + [KeyHint("/", "search"), KeyHint(":", "command")]
  }
}
