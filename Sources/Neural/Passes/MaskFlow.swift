extension Layer {
  /// Whether the first input is the sequence, and further ones are states.
  package var readsOneSequence: Bool { self is any SequenceLayer || self is any WrapperLayer }

  /// The masks of the outputs, as `MaskRecipe` says them.
  func outputMasks(inputs: [Tensor], masks: [Tensor?]) -> [Tensor?] {
    // Of a layer's several arguments only the first one's mask counts.
    var masks = masks
    if readsOneSequence { masks = Array(masks.prefix(1)) }
    let recipe = MaskRecipe(
      of: self, masks: masks.map { $0?.rank }, ranks: { inputs.map(\.rank) })
    var steps: [Tensor] = []
    func tensor(_ operand: MaskRecipe.Operand) -> Tensor? {
      switch operand {
      case .input(let index): index < inputs.count ? inputs[index] : nil
      case .mask(let index): index < masks.count ? masks[index] : nil
      case .step(let index): index < steps.count ? steps[index] : nil
      }
    }
    for step in recipe.steps {
      let operands = step.operands.compactMap { tensor($0) }
      guard operands.count == step.operands.count,
        let pass = try? MaskOperation(step.kind).forward(
          operands, weights: LayerWeights(), in: PassContext())
      else { return [] }
      steps += pass.outputs
    }
    return recipe.outputs.map { $0.flatMap { tensor($0) } }
  }
}
