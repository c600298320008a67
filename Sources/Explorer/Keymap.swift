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
        ("space", "run the model and play its timesteps"),
      ]),
    Group(
      title: "Moving",
      keys: [
        ("↑ k  ↓ j", "up, down"), ("← →", "to the tower beside"), ("g home", "first"),
        ("G end", "last"), ("pgup pgdn", "a page"), ("/", "search"),
        ("n N", "next, previous match"),
        ("tab", "list, weights, inspector"),
      ]),
    Group(
      title: "Weights",
      keys: [
        ("tab ↑ ↓", "choose one in the inspector"), ("enter", "its numbers as a map"),
      ]),
  ]

  static let heatMap: [Group] = [
    Group(
      title: "Moving",
      keys: [
        ("arrows hjkl", "a cell; pgup pgdn a page"), ("home end", "first, last column"),
        ("g G", "first, last row"), ("click", "move the cursor; the wheel scrolls"),
      ]),
    Group(
      title: "What is looked at",
      keys: [
        ("z", "closer, then the whole again; + - one step"),
        ("tab", "next weight of the layer; shift-tab previous"),
        (", .", "previous, next matrix, where there are several"), ("esc", "back to the Stack"),
      ]),
    Group(
      title: "What the characters mean",
      keys: [
        ("░ ▒ ▓ █", "positive: a quarter, half, … of the largest"),
        ("- = ≡ ≣", "negative, the same steps"), ("0", "exactly 0"), ("N", "no number"),
        ("i f c o", "the gates of an LSTM; c is the candidate"),
        ("z r h", "the gates of a GRU; h is the candidate"),
      ]),
  ]

  static let run: [Group] = [
    Group(
      title: "The walk",
      keys: [
        ("space", "play, pause; at the end from the start"), ("→ l  ← h", "one timestep"),
        ("home end", "first, last"), ("+ -", "faster, slower"),
        ("z", "zoom: closer, then the whole sequence again"), ("click drag", "move the playhead"),
      ]),
    Group(
      title: "What is looked at",
      keys: [
        ("tab", "forward or backward"), ("↑ k  ↓ j", "unit; pgup pgdn ten at a time"),
        ("[ ]", "previous, next layer"), (", .", "previous, next sample"),
        ("f F", "next, previous feature of the input"), ("/ n N", "search a layer"),
      ]),
    Group(
      title: "What is run",
      keys: [
        ("i", "next input: sine, ramp, impulse, random"), ("m", "next merge_mode"),
        ("r", "return_sequences on or off"), ("esc", "stop a run, back to the Stack"),
      ]),
    Group(
      title: "What the characters mean",
      keys: [
        ("░ ▒ ▓ █", "positive: a quarter, half, … of the largest"),
        ("- = ≡ ≣", "negative, the same steps"), ("0", "exactly 0"), ("·", "not read yet"),
        ("» «", "skipped: the mask is 0"), ("▶ ◀", "what is read now, by direction"),
      ]),
  ]

  static let train: [Group] = [
    Group(
      title: "The training",
      keys: [
        ("space", "start, pause, go on; when done: as many epochs more"), (".", "one batch"),
        ("x", "stop: the model gets the weights, the best ones by validation"),
        ("r", "begin anew: the weights of before"), ("esc", "back to the Stack; it goes on"),
      ]),
    Group(
      title: "What is trained",
      keys: [
        ("i", "next data: the script's own, tasks, your files"),
        ("c", "beside it: the same with one direction more or less"),
        ("a", "put a head that was added for the data into the model"),
      ]),
    Group(
      title: "What is looked at",
      keys: [
        ("[ ]", "recurrent layer of the gradients"), ("↑ k  ↓ j", "weight"),
        ("tab", "of two models the other one's gradients and weights"),
      ]),
    Group(
      title: "What the lines mean",
      keys: [
        ("──", "training; the first two epochs batch by batch"),
        ("╌╌", "validation, or model B"), ("···", "accuracy of guessing"),
        ("t = 0", "read first →; last ←"),
      ]),
  ]

  static let everywhere: [Group] = [
    Group(
      title: "Everywhere",
      keys: [
        ("1 2 3", "Stack, Run, Train"), ("u", "undo"), ("ctrl-r", "redo"), ("ctrl-s", "save"),
        (":", "command line, tab completes"), ("?", "this help"), ("esc", "back"),
        ("ctrl-z", "suspend"), ("q", "quit"),
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

  /// The keys of the screen that is shown, those of every screen behind them.
  static func groups(for state: State) -> [Group] {
    switch state.screen {
    case .stack: (state.showsMap ? heatMap : stack) + everywhere
    case .run: run + everywhere
    case .train: train + everywhere
    }
  }

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
    case .length:
      return KeyHints([KeyHint("enter", "run"), KeyHint("esc", "cancel")])
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
    case .weights:
      let hasNumbers = state.selectedLayer.flatMap { state.weightKey(of: $0.id) } != nil
      return KeyHints(
        [
          KeyHint("↑↓", "weight"),
          hasNumbers ? KeyHint("enter", "map of its numbers") : KeyHint("space", "run"),
          KeyHint("tab", "inspector"), KeyHint("e", "edit"), KeyHint("esc", "list"),
        ], last: KeyHint("?", "help"))
    case .screen:
      return KeyHints(screenHints(state), last: KeyHint("?", "help"))
    }
  }

  private static func screenHints(_ state: State) -> [KeyHint] {
    switch state.screen {
    case .stack where state.showsMap: mapHints(state)
    case .stack: stackHints(state)
    case .run: runHints(state)
    case .train: trainHints(state)
    }
  }

  private static func mapHints(_ state: State) -> [KeyHint] {
    var hints = [KeyHint("←→↑↓", "number"), KeyHint("z", "zoom")]
    if state.selectedWeights.count > 1 { hints.append(KeyHint("tab", "next weight")) }
    if let axes = state.mapSubject?.axes, axes.sliceCount > 1 {
      hints.append(KeyHint(", .", axes.slice))
    }
    return hints + [
      KeyHint("esc", "back"), KeyHint("home end", "row"), KeyHint("g G", "column"),
    ]
  }

  private static func trainHints(_ state: State) -> [KeyHint] {
    let train = state.train
    let space =
      switch train.phase {
      case .training: "pause"
      case .pausing, .paused, .stopped, .stopping: "go on"
      case .done where state.trainSubject.map(train.canGoOn) == true: "more epochs"
      case .ready, .done, .failed: "start"
      }
    var hints = [KeyHint("space", space), KeyHint(".", "one batch")]
    if train.isUnderWay {
      hints.append(KeyHint("x", "stop"))
    } else {
      hints += [KeyHint("i", "data"), KeyHint("c", train.compares ? "one model" : "compare")]
    }
    if train.report != nil { hints.append(KeyHint("r", "anew")) }
    if let run = train.shownRun {
      if run.gradients.count > 1 { hints.append(KeyHint("[ ]", "layer")) }
      hints.append(KeyHint("↑↓", "weight"))
      if (train.report?.runs.count ?? 0) > 1 { hints.append(KeyHint("tab", "A or B")) }
    }
    return hints + [KeyHint("1", "stack"), KeyHint("2", "run")]
  }

  private static func runHints(_ state: State) -> [KeyHint] {
    switch state.run.phase {
    case .failed, .stopped:
      return [KeyHint("space", "run again"), KeyHint("i", "input"), KeyHint("1", "stack")]
    case .running where state.run.result == nil: return [KeyHint("esc", "stop")]
    default: break
    }
    guard let subject = state.runSubject, subject.timesteps != nil else {
      return [
        KeyHint("[ ]", "layer"), KeyHint("↑↓", "feature"), KeyHint("i", "input"),
        KeyHint("1", "stack"),
      ]
    }
    var hints = [
      KeyHint("space", state.run.isPlaying ? "pause" : "play"), KeyHint("←→", "step"),
      KeyHint("home end", ""), KeyHint("+−", "speed"),
    ]
    hints[2] = KeyHint("home", "start")
    if subject.isBidirectional { hints.append(KeyHint("tab", "direction")) }
    hints.append(KeyHint("↑↓", subject.recording == nil ? "feature" : "unit"))
    hints += [KeyHint("i", "input"), KeyHint("z", "zoom")]
    if subject.isBidirectional { hints.append(KeyHint("m", "merge mode")) }
    if subject.recording != nil { hints.append(KeyHint("r", "return_sequences")) }
    hints += [KeyHint("[ ]", "layer"), KeyHint("1", "stack")]
    if subject.samples > 1 { hints.append(KeyHint(", .", "sample")) }
    return hints
  }

  /// What makes sense on the selected layer comes with it.
  private static func stackHints(_ state: State) -> [KeyHint] {
    var hints = [KeyHint("a", "add")]
    let run = KeyHint("space", "run")
    if let layer = state.selectedLayer?.layer {
      hints.append(KeyHint("e", "edit"))
      if layer.recurrent != nil {
        hints.append(KeyHint("b", "bidirectional"))
        hints.append(KeyHint("r", "return_sequences"))
      }
      hints.append(run)
      if layer.layer is Bidirectional { hints.append(KeyHint("m", "merge mode")) }
      if !state.selectedWeights.isEmpty { hints.append(KeyHint("tab", "weights")) }
      if state.document.canUndo { hints.append(KeyHint("u", "undo")) }
      hints.append(KeyHint("q", "quit"))
      if !(layer.layer is InputLayer) {
        hints.append(KeyHint("d", "delete"))
        hints.append(KeyHint("K J", "move"))
      }
    } else {
      hints.append(run)
      if state.document.canUndo { hints.append(KeyHint("u", "undo")) }
      hints.append(KeyHint("q", "quit"))
    }
    return hints + [KeyHint("/", "search"), KeyHint(":", "command")]
  }
}
