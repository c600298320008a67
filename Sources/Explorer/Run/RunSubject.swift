import Neural

/// The layer that the Run screen shows, with what it did in the pass.
struct RunSubject {
  /// Where it stands.
  let source: RunSource
  /// The layer.
  let layer: NamedLayer
  /// Its timesteps, where it is recurrent.
  let recording: LayerRecording?
  /// What came in; `nil` for an input layer.
  let input: ActivationTensor?
  /// What it gave.
  let outputs: [ActivationTensor]
  /// The mask of what came in: (batch, timesteps).
  let mask: Tensor?
  /// The largest magnitude of its outputs, and of what came in.
  let scale: Float, inputScale: Float
  /// The largest magnitude of its hidden states; of the outputs where it has none.
  let stateScale: Float

  /// How many timesteps there are to walk over; `nil` where there are none.
  var timesteps: Int? { recording?.timesteps ?? outputs.first?.timesteps }

  /// How many samples were run.
  var samples: Int { recording?.batch ?? outputs.first?.samples ?? 1 }

  /// How many units there are to choose from: of the larger direction, or features.
  var units: Int {
    recording?.directions.map(\.units).max() ?? outputs.first?.features ?? 0
  }

  /// Whether the layer reads both ways.
  var isBidirectional: Bool { (recording?.directions.count ?? 0) > 1 }
}

extension State {
  /// The call that the Run screen shows: the selected one.
  var runNode: NodeID? {
    selectedNode ?? model.nodes.values.first { model.layer(of: $0.id)?.isRecurrent == true }?.id
      ?? model.nodes.keys.last
  }

  /// What the Run screen shows; `nil` where nothing was computed of it.
  var runSubject: RunSubject? {
    guard let result = run.result, let node = runNode, let pass = result.pass.passes[node],
      let layer = result.request.model.layer(of: node)
    else { return nil }
    let part = pass.recordings.isEmpty ? 0 : min(run.part, pass.recordings.count - 1)
    let source = RunSource(node: node, part: part)
    let analysis = result.pass.analysis
    func activations(_ tensor: TensorRef) -> ActivationTensor? {
      result.pass[tensor].map { ActivationTensor($0, analysis.shape(of: tensor) ?? $0.shape) }
    }
    let input = result.request.model.nodes[node]?.inputs.first
    let recording =
      run.moved[source] ?? (part < pass.recordings.count ? pass.recordings[part] : nil)
    return RunSubject(
      source: source, layer: layer, recording: recording,
      input: input.flatMap { activations($0) },
      outputs: pass.outputs.indices.compactMap { activations(TensorRef(node, $0)) },
      mask: recording?.mask ?? input.flatMap { result.pass.masks[$0] },
      scale: result.scales[TensorRef(node)] ?? 1,
      inputScale: input.flatMap { result.scales[$0] } ?? 1,
      stateScale: result.stateScales[source] ?? result.scales[TensorRef(node)] ?? 1)
  }
}

extension RunSubject {
  /// The clock at s.
  func clock(_ s: Int) -> RunClock { RunClock(timesteps: timesteps ?? 1, s: s) }

  /// The direction that the inspector follows: the only one, or the one that was chosen.
  func direction(_ isBackward: Bool) -> DirectionRecording? {
    guard let directions = recording?.directions else { return nil }
    return directions.first { $0.isBackward == isBackward } ?? directions.first
  }

  /// Whether the cursor goes backward: the chosen direction, or the only one.
  func cursorIsBackward(_ chosen: Bool) -> Bool { direction(chosen)?.isBackward ?? false }
}
