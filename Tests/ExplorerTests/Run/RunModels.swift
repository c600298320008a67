import Neural

@testable import Explorer

/// One recurrent layer on an input.
func recurrentModel(
  _ layer: any Layer, timesteps: Int? = 12, features: Int = 3, batch: Int? = nil
) -> Model {
  Model(
    input: InputLayer(batchShape: [batch, timesteps, features]),
    layers: [NamedLayer("layer", layer)])
}

/// A recurrent layer whose state is what it reads: the numbers on the screen are those of the input.
func copying(returnSequences: Bool = true) -> any Layer {
  layer(
    SimpleRNN.self,
    [
      "units": 1, "activation": "linear", "kernel_initializer": "ones",
      "recurrent_initializer": "zeros", "return_sequences": .bool(returnSequences),
    ])
}

/// A recurrent layer read both ways.
func bidirectional(_ inner: any Layer, merge: String = "concat") -> any Layer {
  var wrapper: any Layer = Bidirectional(NamedLayer("inner", inner))
  try? wrapper.set("merge_mode", to: .string(merge))
  return wrapper
}

extension ExplorerProbe {
  /// The marks of a lane: its row over the columns of timesteps, without blanks.
  func lane(_ title: String) -> String {
    guard let screen = RunScreen(state, in: state.frame.body) else { return "" }
    return line(with: title).dropFirst(LaneView.left).prefix(screen.lanes.columns.width)
      .filter { $0 != " " }
  }

  /// The numbers behind `name = ` in the inspector, in their order.
  func numbers(behind name: String) -> [Float] {
    let row = line(with: "│ \(name) = ").replacing("−", with: "-")
    return row.split { !"-.0123456789".contains($0) }.compactMap {
      $0.contains(".") ? Float($0) : nil
    }
  }

  /// The number of a gate in the inspector.
  func gate(_ title: String) -> Float? {
    guard let row = screen.split(separator: "\n").first(where: { $0.contains(title) }),
      let start = row.firstRange(of: title)?.upperBound
    else { return nil }
    let words = row[start...].replacing("−", with: "-").split(separator: " ")
    return words.dropFirst().first.flatMap { Float($0) }
  }
}
