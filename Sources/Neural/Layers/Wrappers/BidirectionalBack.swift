/// The way back through both directions of a bidirectional layer.
struct BidirectionalBack: Sendable {
  let mergeMode: Bidirectional.MergeMode
  /// The directions, in the order of the output.
  let scans: [RecurrentScan]
  /// What each direction gave, for products.
  private let parts: [Tensor]
  let returnsSequences: Bool
  let context: PassContext

  init(
    mergeMode: Bidirectional.MergeMode, scans: [RecurrentScan], parts: [Tensor],
    returnsSequences: Bool, context: PassContext
  ) {
    self.mergeMode = mergeMode
    self.scans = scans
    self.parts = mergeMode == .mul ? parts : []
    self.returnsSequences = returnsSequences
    self.context = context
  }

  /// From the gradients of the outputs, of the final states behind them, to those of the inputs
  /// and weights.
  ///
  /// - Throws: `PassError` where memory is short or an activation is not known.
  func gradients(
    for gradients: [Tensor?], initialStates: Bool
  ) throws(PassError) -> Gradients {
    let outputCount = mergeMode == .none ? 2 : 1
    let outputs = (0..<outputCount).map { $0 < gradients.count ? gradients[$0] : nil }
    let states = Array(gradients.dropFirst(outputCount))
    var directions: [ScanBack] = []
    var firstState = 0
    for (index, scan) in scans.enumerated() {
      let stateCount = scan.walk.layer.stateCount
      directions.append(
        try ScanBack(
          scan, outputs: returnsSequences ? sequence(index, outputs) : nil,
          last: returnsSequences ? nil : last(index, outputs),
          final: Array(states.dropFirst(firstState).prefix(stateCount)), in: context))
      firstState += stateCount
    }
    return try directions.gradients(in: context, initialStates: initialStates)
  }

  /// The gradients of a direction's outputs; the second one's stand the other way round than it
  /// reads.
  private func sequence(_ index: Int, _ gradients: [Tensor?]) -> OutputGradient? {
    let isConcat = mergeMode == .concat
    guard let gradient = isConcat ? gradients[0] : part(index, gradients) else { return nil }
    let column = isConcat && index > 0 ? scans[0].walk.layer.units : 0
    return OutputGradient(gradient, column: column, isReversed: index > 0, of: scans[index])
  }

  /// The gradient of a direction's only output.
  private func last(_ index: Int, _ gradients: [Tensor?]) -> Tensor? {
    guard mergeMode == .concat else { return part(index, gradients) }
    let first = index == 0 ? 0 : scans[0].walk.layer.units
    return gradients[0]?.slice(axis: 1, first..<(first + scans[index].walk.layer.units))
  }

  private func part(_ index: Int, _ gradients: [Tensor?]) -> Tensor? {
    switch mergeMode {
    case .none: return gradients[index]
    case .concat, .sum: return gradients[0]
    case .ave: return gradients[0]?.map { $0 / 2 }
    case .mul: return gradients[0]?.zipped(with: parts[1 - index], *)
    }
  }
}
