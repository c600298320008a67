/// Two copies of a recurrent layer: one reads forward, the other backward; both read everything.
///
/// Input: (batch, timesteps, features). Output of `concat`: (batch, timesteps, forward units +
/// backward units) with return_sequences, else (batch, forward + backward). The number of
/// timesteps never changes. Source: `keras/src/layers/rnn/bidirectional.py`.
package struct Bidirectional: WrapperLayer {
  package static let className = "Bidirectional"
  package static let summary = "one copy of a recurrent layer reads forward, another backward"

  /// How the two outputs become one.
  package enum MergeMode: String, SettingChoice {
    /// Side by side: forward + backward features.
    case concat
    /// Added.
    case sum
    /// Multiplied.
    case mul
    /// Averaged.
    case ave
    /// Not at all: two outputs.
    case none = "None"
  }

  package var inner: NamedLayer
  package var backward: NamedLayer?
  /// How the two outputs become one.
  package var mergeMode = MergeMode.concat

  package init() {
    self.init(NamedLayer("lstm", LSTM()))
  }

  package init(_ inner: NamedLayer) {
    self.inner = inner
  }

  package static let settings: [Setting<Bidirectional>] = [
    Setting(layer: "layer", { $0.inner }, isRequired: true, help: "the recurrent layer"),
    Setting(
      "merge_mode", \.mergeMode, .choice(MergeMode.choices),
      help: "how forward and backward become one: side by side (concat), sum, mul, ave, None"),
    Setting(layer: "backward_layer", { $0.backward }, help: "another layer for the backward way"),
  ]

  /// The layer that reads forward.
  package var forwardLayer: (any SequenceLayer)? { inner.layer as? any SequenceLayer }
  /// The layer that reads backward: the forward one's copy where no other was given.
  package var backwardLayer: (any SequenceLayer)? {
    guard let backward else {
      var copy = forwardLayer
      copy?.sequence.goBackwards = true
      return copy
    }
    return backward.layer as? any SequenceLayer
  }
  /// The name of the layer that reads forward.
  package var forwardName: String { "forward_" + inner.name.removingPrefix("forward_") }
  /// The name of the layer that reads backward.
  package var backwardName: String {
    backward?.name ?? "backward_" + inner.name.removingPrefix("backward_")
  }

  package var inputCount: ClosedRange<Int> {
    1...(1 + 2 * (forwardLayer?.stateCount ?? 0))
  }
  package func inputRoles(rank: Int) -> [AxisRole]? { inner.layer.inputRoles(rank: rank) }
  package var masking: Masking {
    .uses(handsOn: forwardLayer?.sequence.returnSequences ?? false)
  }
  package var isStateful: Bool { inner.layer.isStateful }
  package var stateCount: Int {
    (forwardLayer?.stateCount ?? 0) + (backwardLayer?.stateCount ?? 0)
  }
}

extension SequenceLayer {
  /// The layer with kernels for all timesteps that does the same: an `LSTM` for an `RNN` of one
  /// `LSTMCell`; `nil` where there is none.
  package var plainLayer: (any RecurrentLayer)? {
    self as? any RecurrentLayer ?? (self as? RNN)?.plainCell
  }
}

extension String {
  func removingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
