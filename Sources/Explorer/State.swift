import Neural
import Screen

/// Everything the explorer knows: views draw it, `update` changes it.
public struct State: Sendable {
  /// The models that are open: those of one file.
  public var documents: [Document]
  /// Which of them is shown.
  public var current: Int
  /// The screen that is shown.
  public var screen = ScreenName.stack
  /// What the Run screen shows.
  public var run = RunState()
  /// What the Train screen shows.
  public var train = TrainState()
  /// What is known of weights, and the one that is shown as a map.
  var weights = WeightsState()
  /// Columns and rows of the terminal.
  public var size: Size
  /// The selected row of the stack.
  public var cursor = ListCursor()
  /// What the keys go to.
  public var focus = Focus.screen
  /// What just happened.
  public var status: Status?
  /// The layer that `y` or `d` took, for `p`.
  public var clipboard: NamedLayer?
  /// The call that `y` took: a join can take its output.
  public var copiedNode: NodeID?
  /// What `n` and `N` look for.
  public var searchTerm = ""
  /// Commands given before, oldest first.
  public var history: [String] = []
  /// The first line of the inspector that is shown.
  public var inspectorOffset = 0

  /// What the keys go to.
  public enum Focus: Sendable {
    /// The screen itself: on the Stack the list of layers.
    case screen
    /// The inspector of the Stack, to scroll it.
    case inspector
    /// The weights in the inspector, to choose one.
    case weights
    /// The settings of the selected layer.
    case form(SettingsForm)
    /// The choice of a layer to add.
    case picker(LayerPicker)
    /// The command line.
    case command(CommandPrompt)
    /// What to search for.
    case search(TextField, from: Int)
    /// How long the input is that a run makes, where the model leaves it free.
    case length(TextField)
    /// The keys of this screen, from this line on.
    case help(Int)
    /// Whether to quit without saving.
    case confirmQuit
    /// Whether to replace a file that is another one than was read.
    case confirmOverwrite(path: String, problem: String, thenQuit: Bool)
  }

  /// A line that says what just happened.
  public struct Status: Hashable, Sendable {
    /// How it is meant.
    public enum Kind: Hashable, Sendable {
      /// Something was done.
      case done
      /// Something to know.
      case note
      /// Something did not work.
      case error
    }

    /// The line.
    public var text: String
    /// How it is meant.
    public var kind: Kind

    /// A line of this kind.
    public init(text: String, kind: Kind) {
      self.text = text
      self.kind = kind
    }
  }

  /// A state that shows `documents`, the one at `current` first.
  public init(documents: [Document], current: Int = 0, size: Size) {
    self.documents = documents.isEmpty ? [Document(State.emptyModel)] : documents
    self.current = min(max(current, 0), self.documents.count - 1)
    self.size = size
  }

  /// The model to start from without a file: one input, nothing on it.
  public static var emptyModel: Model {
    Model(input: InputLayer(batchShape: [nil, nil, 1]), layers: [])
  }

  /// The document that is shown.
  public var document: Document {
    get { documents[current] }
    set { documents[current] = newValue }
  }

  /// The model that is shown.
  public var model: Model { document.model }

  /// The selected call; `nil` on the row that adds a layer.
  public var selectedNode: NodeID? { document.layout.node(at: cursor.selection) }

  /// The selected layer.
  public var selectedLayer: (id: LayerID, layer: NamedLayer)? {
    guard let id = selectedNode.flatMap({ model.nodes[$0]?.layer }), let layer = model.layers[id]
    else { return nil }
    return (id, layer)
  }

  /// Selects the first recurrent layer, else the first behind the input: what a file is about.
  public mutating func selectWhatMatters() {
    let nodes = document.layout.places.map(\.node)
    let recurrent = nodes.first { model.layer(of: $0)?.recurrent != nil }
    let first = nodes.first { model.nodes[$0]?.inputs.isEmpty == false }
    select(recurrent ?? first)
  }

  /// Says what was done.
  mutating func done(_ text: String) { status = Status(text: text, kind: .done) }
  /// Says something to know.
  mutating func note(_ text: String) { status = Status(text: text, kind: .note) }
  /// Says what did not work.
  mutating func fail(_ text: String) { status = Status(text: text, kind: .error) }

  /// Selects a call, where it is on the screen.
  mutating func select(_ node: NodeID?) {
    guard let node, let row = document.layout.index(of: node) else {
      settle()
      return
    }
    select(row: row)
  }

  /// Selects a row and scrolls no more than it takes.
  mutating func select(row: Int) {
    if row != cursor.selection { (inspectorOffset, weights.selection) = (0, 0) }
    cursor.select(row, count: rowCount, height: listHeight)
  }

  /// Brings the selection inside the list, which may have changed.
  mutating func settle() {
    cursor.settle(count: rowCount, height: listHeight)
  }

  /// The rows that can be selected: every call, and the row that adds a layer.
  var rowCount: Int { document.layout.count + 1 }

  /// The rows of the list on screen.
  var listHeight: Int { stackFrame.list.height }
}

/// A screen of the explorer, in the order of its keys.
public enum ScreenName: Int, Hashable, Sendable, CaseIterable {
  /// The model as a list of layers.
  case stack = 1
  /// A pass, timestep by timestep.
  case run
  /// A training, batch by batch.
  case train

  /// The title of its tab.
  var title: String {
    switch self {
    case .stack: "Stack"
    case .run: "Run"
    case .train: "Train"
    }
  }

  /// The key that shows it.
  var key: Key { .character(Character(String(rawValue))) }
}
