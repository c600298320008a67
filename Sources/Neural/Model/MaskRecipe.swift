/// What a call does to the masks of its inputs: which operations Keras makes, in order.
///
/// Keras computes masks with operations of its own (`not_equal`, `any`, `logical_or`, …). They
/// take names like all operations, whether or not a later layer looks at the mask.
/// Source: `compute_mask` of Keras' layers.
public struct MaskRecipe: Hashable, Sendable {
  /// Where an operation takes a tensor from.
  public enum Operand: Hashable, Sendable {
    /// Input `i` of the call.
    case input(Int)
    /// The mask of input `i`.
    case mask(Int)
    /// The result of step `i`.
    case step(Int)
  }

  /// One operation.
  public struct Step: Hashable, Sendable {
    /// What it computes.
    public var kind: MaskOperation.Kind
    /// What it takes.
    public var operands: [Operand]

    /// The class as Keras names it: `NotEqual`.
    public var className: String { kind.className }
  }

  /// The operations, in the order in which Keras makes them.
  public private(set) var steps: [Step] = []
  /// The mask of each output; `nil` where it has none.
  public private(set) var outputs: [Operand?] = []

  /// What a call of `layer` makes.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - masks: the rank of each input's mask; `nil` where it has none.
  ///   - ranks: the rank of each input; only `Concatenate` asks for it.
  ///   - isGiven: whether the caller names the mask, which then counts as that of input 0.
  public init(
    of layer: any Layer, masks: [Int?], ranks: () -> [Int] = { [] }, isGiven: Bool = false
  ) {
    switch layer.masking {
    case .ends:
      // The layer inside makes its mask, which nobody notes.
      guard let inner = (layer as? SpectralNormalization)?.inner.layer else { break }
      steps = MaskRecipe(of: inner, masks: masks, ranks: ranks, isGiven: isGiven).steps
    case .makes(equal: .index):
      outputs = [add(.notEqual(0), .input(0))]
    case .makes(equal: .features(let value)):
      outputs = [add(.any, add(.notEqual(value), .input(0)))]
    case .uses(let handsOn):
      if let attention = layer as? any QueryValueAttention {
        if let source = attention.maskSource(masks) { outputs = [add(.convertToTensor, source)] }
        break
      }
      if let called = layer as? any CalledLayer {
        let place = called.maskedInput(of: masks.count)
        if handsOn, let place, masks[place] != nil { outputs = [.mask(place)] }
        break
      }
      guard handsOn, masks.first.flatMap({ $0 }) != nil else { break }
      let isUnmerged = (layer as? Bidirectional)?.mergeMode == Bidirectional.MergeMode.none
      outputs = isUnmerged ? [.mask(0), .mask(0)] : [.mask(0)]
    case .passes:
      if let concatenate = layer as? Concatenate {
        join(masks, ranks: ranks, axis: concatenate.axis)
      } else if masks.count > 1 || layer.inputCount.upperBound > 1 {
        outputs = [merged(masks)]
      } else if masks.first.flatMap({ $0 }) != nil {
        outputs = [.mask(0)]
      }
    }
  }

  /// The rank of each output's mask.
  public func outputRanks(masks: [Int?], ranks: [Int]) -> [Int?] {
    func rank(_ operand: Operand) -> Int {
      switch operand {
      case .input(let index): index < ranks.count ? ranks[index] : 0
      case .mask(let index): (index < masks.count ? masks[index] : nil) ?? 0
      case .step(let index):
        switch steps[index].kind {
        case .any: rank(steps[index].operands[0]) - 1
        case .expandDims: rank(steps[index].operands[0]) + 1
        case .logicalOr: steps[index].operands.map(rank).max() ?? 0
        default: steps[index].operands.first.map(rank) ?? 0
        }
      }
    }
    return outputs.map { $0.map(rank) }
  }

  private mutating func add(_ kind: MaskOperation.Kind, _ operands: Operand...) -> Operand {
    add(kind, operands)
  }

  private mutating func add(_ kind: MaskOperation.Kind, _ operands: [Operand]) -> Operand {
    steps.append(Step(kind: kind, operands: operands))
    return .step(steps.count - 1)
  }

  /// A timestep counts where it does in any input; unknown as soon as one input has no mask.
  private mutating func merged(_ masks: [Int?]) -> Operand? {
    guard !masks.isEmpty, !masks.contains(nil) else { return nil }
    return masks.indices.dropFirst().reduce(.mask(0)) { add(.logicalOr, $0, .mask($1)) }
  }

  private mutating func join(_ masks: [Int?], ranks: () -> [Int], axis: Int) {
    guard masks.contains(where: { $0 != nil }) else { return }
    let ranks = ranks()
    let parts = masks.indices.map { index -> Operand in
      guard let rank = masks[index] else { return add(.onesLike, .input(index)) }
      guard index < ranks.count, rank < ranks[index] else { return .mask(index) }
      let wide = add(.expandDims, .mask(index))
      return add(.logicalOr, wide, add(.zerosLike, .input(index)))
    }
    outputs = [add(.any, add(.concatenate(axis: axis), parts))]
  }
}
