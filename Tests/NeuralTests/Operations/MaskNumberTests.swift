import Testing

@testable import Neural

/// Masks of layers on concrete masks; expected numbers are those of `compute_mask` of Keras 3.15.
@Suite struct MaskNumberTests {
  private let first = Tensor([2, 3], [1, 1, 0, 1, 0, 0])
  private let second = Tensor([2, 3], [0, 1, 0, 0, 0, 1])
  private let sequence = Tensor([2, 3, 4], repeating: 1)

  @Test func concatenateOfFeaturesKeepsATimestepThatAnyInputHas() {
    let masks = Concatenate(axis: -1).outputMasks(
      inputs: [sequence, sequence], masks: [first, second])
    #expect(masks == [Tensor([2, 3], [1, 1, 0, 1, 0, 1])])
  }

  @Test func concatenateOfFeaturesTakesAnInputWithoutAMaskWhole() {
    let masks = Concatenate(axis: -1).outputMasks(
      inputs: [sequence, sequence], masks: [nil, second])
    #expect(masks == [Tensor([2, 3], repeating: 1)])
  }

  @Test func concatenateOfTimestepsPutsMasksBehindEachOther() {
    let both = Concatenate(axis: 1).outputMasks(
      inputs: [sequence, sequence], masks: [first, second])
    #expect(both == [Tensor([2, 6], [1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1])])
    let one = Concatenate(axis: 1).outputMasks(inputs: [sequence, sequence], masks: [first, nil])
    #expect(one == [Tensor([2, 6], [1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1])])
  }

  @Test func addKeepsATimestepThatAnyInputHas() {
    let masks = Add().outputMasks(inputs: [sequence, sequence], masks: [first, second])
    #expect(masks == [Tensor([2, 3], [1, 1, 0, 1, 0, 1])])
    let three = Maximum().outputMasks(
      inputs: [sequence, sequence, sequence], masks: [first, second, first])
    #expect(three == masks)
    let unknown = Add().outputMasks(inputs: [sequence, sequence], masks: [first, nil])
    #expect(unknown.allSatisfy { $0 == nil })
  }

  @Test func embeddingSkipsIndexZero() {
    var embedding = Embedding()
    embedding.maskZero = true
    let masks = embedding.outputMasks(inputs: [Tensor([2, 3], [1, 0, 3, 0, 0, 2])], masks: [nil])
    #expect(masks == [Tensor([2, 3], [1, 0, 1, 0, 0, 1])])
  }

  @Test func maskingSkipsTimestepsThatEqualItsValueThroughout() {
    var masking = MaskingLayer()
    masking.maskValue = 2
    let input = Tensor([2, 3, 2], [2, 2, 2, 1, 0, 0, 2, 2, 2, 2, .nan, 2])
    let masks = masking.outputMasks(inputs: [input], masks: [nil])
    #expect(masks == [Tensor([2, 3], [0, 1, 1, 0, 0, 1])])
  }

  @Test func stepsThatDoNotFitAreRefused() {
    for kind in [MaskOperation.Kind.logicalOr, .concatenate(axis: 1), .concatenate(axis: 7)] {
      #expect(throws: PassError.self) {
        try MaskOperation(kind).forward(
          [Tensor([2, 3]), Tensor([4, 5])], weights: LayerWeights(), in: PassContext())
      }
    }
  }
}
