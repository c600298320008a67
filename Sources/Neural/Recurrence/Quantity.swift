/// A number that a recurrent layer computes for each unit at each timestep.
///
/// The raw value is the letter of the formulas.
public enum Quantity: String, Hashable, Sendable, CaseIterable {
  /// How much of the candidate is written: LSTM.
  case inputGate = "i"
  /// How much of the old cell state is kept: LSTM.
  case forgetGate = "f"
  /// What would be written: LSTM, GRU.
  case candidate = "g"
  /// How much of the cell state is shown: LSTM.
  case outputGate = "o"
  /// How much of the old state is kept: GRU.
  case updateGate = "z"
  /// How much of the old state the candidate sees: GRU.
  case resetGate = "r"
  /// The memory: LSTM.
  case cellState = "c"
  /// The hidden state: what the layer gives.
  case hiddenState = "h"

  /// The name in words: `forget gate`.
  public var title: String {
    switch self {
    case .inputGate: "input gate"
    case .forgetGate: "forget gate"
    case .candidate: "candidate"
    case .outputGate: "output gate"
    case .updateGate: "update gate"
    case .resetGate: "reset gate"
    case .cellState: "cell state"
    case .hiddenState: "hidden state"
    }
  }
}
