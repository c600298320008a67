import Neural
import Screen
import Testing

@testable import Explorer

/// The explorer without a terminal: keys go in, the screen comes out as text.
struct ExplorerProbe {
  var state: State
  /// The effects that the keys asked for.
  var effects: [Effect] = []

  init(_ model: Model? = nil, path: String? = nil, size: (Int, Int) = (100, 30)) {
    let document = Document(model ?? State.emptyModel, path: path)
    state = State(
      documents: [document], size: Size(width: size.0, height: size.1))
  }

  /// Whether runs are carried out at once; else a test does it, with `finishRuns`.
  var runs = true

  /// Presses keys: characters, and names in angle brackets such as `<enter>` or `<ctrl-r>`.
  mutating func press(_ keys: String) {
    for key in ExplorerProbe.parse(keys) { send(.input(.key(key))) }
  }

  mutating func resize(_ width: Int, _ height: Int) {
    send(.input(.resize(Size(width: width, height: height))))
  }

  /// Something happens; runs that follow from it are carried out.
  mutating func send(_ message: Message) {
    effects += update(&state, message)
    if runs { finishRuns() }
  }

  /// Carries out the runs that were asked for, oldest first.
  mutating func finishRuns() {
    while let place = effects.firstIndex(where: \.isRun) {
      let effect = effects.remove(at: place)
      if let message = effect.carriedOut { effects += update(&state, message) }
    }
  }

  /// The mouse is used at a cell.
  mutating func mouse(_ kind: Mouse.Kind, x: Int, y: Int) {
    send(.input(.mouse(Mouse(position: Point(x: x, y: y), kind: kind))))
  }

  /// The screen.
  var canvas: Canvas {
    var canvas = Canvas(size: state.size)
    view(state, into: &canvas)
    return canvas
  }

  /// The screen as text.
  var screen: String { canvas.text }

  /// The row of the screen that holds `text`.
  func line(with text: String) -> String {
    screen.split(separator: "\n").map(String.init).first { $0.contains(text) } ?? ""
  }

  static func parse(_ keys: String) -> [Key] {
    let names: [String: Key] = [
      "enter": .enter, "esc": .escape, "tab": .tab, "backspace": .backspace, "up": .up,
      "down": .down, "space": .character(" "), "left": .left, "right": .right, "home": .home,
      "end": .end,
      "pgup": .pageUp, "pgdn": .pageDown, "delete": .delete,
    ]
    var result: [Key] = []
    var rest = Substring(keys)
    while let first = rest.popFirst() {
      guard first == "<", let end = rest.firstIndex(of: ">") else {
        result.append(.character(first))
        continue
      }
      let name = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      if let key = names[name] {
        result.append(key)
      } else if name.hasPrefix("ctrl-"), let letter = name.last {
        result.append(.control(letter))
      }
    }
    return result
  }
}

extension Effect {
  /// Whether it is a run or a part of one.
  fileprivate var isRun: Bool {
    switch self {
    case .run, .cover: true
    default: false
    }
  }

  /// What the command's runner would answer.
  fileprivate var carriedOut: Message? {
    switch self {
    case .run(let request):
      do throws(PassError) {
        return .ran(try request.carryOut())
      } catch {
        return .runFailed(number: request.number, error)
      }
    case .cover(let cover): return cover.carryOut()
    default: return nil
    }
  }
}

/// A few timesteps, so that each has room on the screen.
func shortModel() -> Model {
  recurrentModel(bidirectional(GRU()), timesteps: 12, features: 4)
}

/// The first origin question: Bidirectional(LSTM(50)), BatchNormalization, Dropout.
func bidirectionalModel() -> Model {
  let lstm = LSTM(units: 50, returnSequences: true)
  var dropout: any Layer = Dropout()
  try? dropout.set("rate", to: 0.2)
  return Model(
    input: InputLayer(batchShape: [32, 128, 20]),
    layers: [
      NamedLayer("bidirectional", Bidirectional(NamedLayer("lstm", lstm))),
      NamedLayer("batch_normalization", BatchNormalization()),
      NamedLayer("dropout", dropout),
    ])
}
