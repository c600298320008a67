/// Runs of settings that layers share which walk over timesteps, in the order of Keras'
/// constructors.
enum SequenceSettings {
  static func walk<L: SequenceLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "return_sequences", \.sequence.returnSequences, .boolean,
        help: "true: an output at every timestep; false: the last one only"),
      Setting(
        "return_state", \.sequence.returnState, .boolean,
        help: "also gives the final states, as further outputs"),
      Setting(
        "go_backwards", \.sequence.goBackwards, .boolean,
        help: "reads the last timestep first and leaves the output reversed"),
      Setting(
        "stateful", \.sequence.stateful, .boolean,
        help: "keeps the states for the next batch; needs a batch size"),
    ]
  }

  static func unroll<L: SequenceLayer>(
    of layer: L.Type, isPositional: Bool = true
  ) -> [Setting<L>] {
    [
      Setting(
        "unroll", \.sequence.unroll, .boolean, isPositional: isPositional,
        help: "unrolls the loop: same numbers")
    ]
  }

  static func maskOutput<L: SequenceLayer>(
    of layer: L.Type, isPositional: Bool = false
  ) -> [Setting<L>] {
    [
      Setting(
        "zero_output_for_mask", \.sequence.zeroOutputForMask, .boolean, isPositional: isPositional,
        help: "masked timesteps give zeros")
    ]
  }
}
