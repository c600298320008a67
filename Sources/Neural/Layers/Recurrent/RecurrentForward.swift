extension RecurrentLayer {
  package var stateCount: Int { Self.stateNames.count }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let given = Array(inputs.dropFirst())
    let scan = try RecurrentScan(
      self, weights: weights, name: context.name, input: inputs[0], mask: context.mask,
      initial: given.isEmpty ? context.states : given, recordingBytes: context.recordingBytes,
      in: context)
    let sequence = try scan.sequence(options.returnSequences)
    let result = scan.result()
    let output = sequence ?? result.lastOutput
    var pass = Pass([output] + (options.returnState ? result.states : []))
    pass.states = result.states
    if let recording = result.recording {
      pass.recordings = [
        LayerRecording(
          input: inputs[0], mask: context.mask, directions: [recording], mergeMode: nil,
          outputs: [output], returnsSequences: options.returnSequences)
      ]
    }
    guard context.isDifferentiated else { return pass }
    let returnsSequences = options.returnSequences
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      let output = gradients.first ?? nil
      let back = try ScanBack(
        scan, outputs: returnsSequences ? output.map { OutputGradient($0, of: scan) } : nil,
        last: returnsSequences ? nil : output, final: Array(gradients.dropFirst()), in: context)
      return try [back].gradients(in: context, initialStates: !given.isEmpty)
    }
    return pass
  }
}

extension RecurrentScan {
  /// Walks; the outputs of all timesteps in reading order, where they are asked for.
  fileprivate func sequence(_ returnsSequences: Bool) throws(PassError) -> Tensor? {
    guard returnsSequences else {
      try Self.run([(self, nil)])
      return nil
    }
    let (timesteps, units) = (walk.timesteps, walk.layer.units)
    return try Tensor.filled([walk.batch, timesteps, units]) { start throws(PassError) in
      try Self.run([(self, .sequence(at: start, timesteps, units))])
    }
  }
}

extension TimestepWalk.Place {
  /// A sequence (batch, timesteps, width) with the first position first.
  static func sequence(
    at start: UnsafeMutablePointer<Float>, _ timesteps: Int, _ width: Int
  ) -> Self {
    Self(start: start, sampleStride: timesteps * width, stepStride: width)
  }

  /// A sequence with the first position last.
  static func reversedSequence(
    at start: UnsafeMutablePointer<Float>, _ timesteps: Int, _ width: Int
  ) -> Self {
    Self(
      start: start + (timesteps - 1) * width, sampleStride: timesteps * width,
      stepStride: -width)
  }
}

extension Tensor {
  /// Numbers that `fill` writes from their first one on, or its error.
  static func filled(
    _ sizes: [Int], _ fill: (UnsafeMutablePointer<Float>) throws(PassError) -> Void
  ) throws(PassError) -> Tensor {
    var failure: PassError?
    let tensor = Tensor(sizes) { out in
      guard let start = out.baseAddress, !out.isEmpty else { return }
      do throws(PassError) {
        try fill(start)
      } catch {
        failure = error
        out.update(repeating: 0)
      }
    }
    if let failure { throw failure }
    return tensor
  }
}
