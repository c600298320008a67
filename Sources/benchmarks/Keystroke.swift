import Explorer
import Neural
import Screen

/// What a key costs on a large model: the edit, its analysis, and the frame.
enum Keystroke {
  static func edits(_ seconds: Double) -> Measurement {
    measured(State(documents: [Document(stack(of: 1000))], size: size), seconds)
  }

  static func towers(_ seconds: Double) -> Measurement {
    measured(State(documents: [Document(towers(of: 1000))], size: size), seconds)
  }

  private static let size = Size(width: 100, height: 30)

  /// Alternates edits that change every shape below with moves: the first recurrent layer's
  /// `return_sequences` would stop the rest, so its merge mode changes, and its units as typed.
  private static func measured(_ start: State, _ seconds: Double) -> Measurement {
    var state = start
    let keys: [Key] = [
      .character("j"), .character("m"), .character("m"), .character("m"), .character("m"),
      .character("m"), .character("e"), .character("6"), .character("4"), .enter,
      .character("u"), .character("y"), .character("p"), .character("u"), .character("g"),
    ]
    var next = 0
    var drawn = 0
    let result = Measurement(seconds: seconds, round: keys.count) {
      _ = update(&state, .input(.key(keys[next % keys.count])))
      next += 1
      var canvas = Canvas(size: size)
      view(state, into: &canvas)
      drawn += canvas.size.width
    }
    precondition(drawn > 0)
    return result
  }

  private static func stack(of count: Int) -> Model {
    var layers: [NamedLayer] = []
    for index in 0..<count {
      let name = "layer_\(index)"
      switch index % 4 {
      case 0:
        let lstm = LSTM(units: 32, returnSequences: true)
        layers.append(NamedLayer(name, Bidirectional(NamedLayer("lstm", lstm))))
      case 1: layers.append(NamedLayer(name, BatchNormalization()))
      case 2: layers.append(NamedLayer(name, Dropout()))
      default: layers.append(NamedLayer(name, Dense()))
      }
    }
    return Model(input: InputLayer(batchShape: [32, 128, 20]), layers: layers)
  }

  private static func towers(of count: Int) -> Model {
    var model = Model(name: "towers", kind: .functional)
    var tips: [TensorRef] = []
    for tower in 0..<4 {
      let input = NamedLayer("input_\(tower)", InputLayer(batchShape: [nil, 128, 20]))
      tips.append(model.addInput(input))
    }
    func add(_ layer: any Layer, _ inputs: [TensorRef]) -> TensorRef {
      let named = NamedLayer(model.freshName(from: "node"), layer)
      return TensorRef(model.call(model.addLayer(named), on: inputs))
    }
    while model.nodes.count < count {
      for tower in tips.indices {
        let lstm = LSTM(units: 32, returnSequences: true)
        tips[tower] = add(Bidirectional(NamedLayer("lstm", lstm)), [tips[tower]])
        tips[tower] = add(Dense(), [tips[tower]])
      }
      if model.nodes.count % 50 < 9 {
        tips[0] = add(Add(), [tips[0], tips[1]])
        tips[2] = add(Add(), [tips[2], tips[3]])
      }
    }
    model.outputs = tips
    return model
  }
}
