/// A cell that does with a timestep what a recurrent layer of the same settings does with each.
package protocol KnownCell: CellLayer {
  /// The layer.
  associatedtype Whole: RecurrentLayer
  /// The layer with the cell's settings; what it is told of the walk does not matter.
  var whole: Whole { get set }
}

extension KnownCell {
  package var levels: [CellLevel] { [CellLevel(owner: [], layer: whole)] }
  package var stateStructure: StateStructure { .states(Whole.stateNames.count) }

  /// The settings of the layer that a cell has, its seed last, as in the constructors of cells.
  fileprivate static var settingsOfWhole: [Setting<Self>] {
    let others: Set = [
      "activity_regularizer", "return_sequences", "return_state", "go_backwards", "stateful",
      "unroll", "zero_output_for_mask",
    ]
    let own = Whole.settings.filter { !others.contains($0.info.key) }
    return (own.filter { $0.info.key != "seed" } + own.filter { $0.info.key == "seed" }).map {
      $0.inside(\.whole)
    }
  }
}

/// The cell of an `LSTM`: two states, h and c.
///
/// Source: `LSTMCell` in `keras/src/layers/rnn/lstm.py`.
package struct LSTMCell: KnownCell {
  package static let className = "LSTMCell"
  package static let summary = "one timestep of an LSTM, for RNN"
  package static let settings: [Setting<LSTMCell>] = settingsOfWhole

  package var whole = LSTM()

  package init() {}

  /// A cell of `units` units.
  package init(units: Int) { whole.units = units }
}

/// The cell of a `GRU`: one state.
///
/// Source: `GRUCell` in `keras/src/layers/rnn/gru.py`.
package struct GRUCell: KnownCell {
  package static let className = "GRUCell"
  package static let summary = "one timestep of a GRU, for RNN"
  package static let settings: [Setting<GRUCell>] = settingsOfWhole

  package var whole = GRU()

  package init() {}
}

/// The cell of a `SimpleRNN`: one state.
///
/// Source: `SimpleRNNCell` in `keras/src/layers/rnn/simple_rnn.py`.
package struct SimpleRNNCell: KnownCell {
  package static let className = "SimpleRNNCell"
  package static let summary = "one timestep of a SimpleRNN, for RNN"
  package static let settings: [Setting<SimpleRNNCell>] = settingsOfWhole

  package var whole = SimpleRNN()

  package init() {}
}

/// Cells on top of each other, as one cell: each reads what the one below gives at the same
/// timestep.
///
/// Output: (batch, units of the last cell), and the states of each cell. `RNN([…])` makes it of a
/// list. Source: `keras/src/layers/rnn/stacked_rnn_cells.py`.
package struct StackedRNNCells: CellLayer {
  package static let className = "StackedRNNCells"
  package static let summary = "cells on top of each other, as one cell for RNN"
  package static let settings: [Setting<StackedRNNCells>] = [
    Setting(layers: "cells", { $0.cells }, isRequired: true, help: "the cells, the lowest first")
  ]

  /// The cells, the lowest first; each one is a `CellLayer`, or the stack cannot be run.
  package var cells: [NamedLayer]

  package init() { self.init([NamedLayer("lstm_cell", LSTMCell())]) }

  package init(_ cells: [NamedLayer]) { self.cells = cells }

  /// The cells that compute; none where one of them is not known.
  package var levels: [CellLevel] {
    var levels: [CellLevel] = []
    for cell in cells {
      guard let inner = cell.levels, !inner.isEmpty else { return [] }
      levels += inner
    }
    return levels
  }

  package var stateStructure: StateStructure {
    .stack(cells.map { ($0.layer as? any CellLayer)?.stateStructure ?? .states(1) })
  }
}
