import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct WeightSummaries {
  /// What a request tells of one weight.
  private func summaries(_ tensors: [Tensor], stored: Bool = true) throws -> [[Histogram]] {
    let model = Model(
      input: InputLayer(batchShape: [nil, 3]),
      layers: [NamedLayer("dense", layer(Dense.self, ["units": 4]))])
    let id = try #require(model.layers.first { $0.value.name == "dense" }?.key)
    var weights = ModelWeights()
    weights.layers[id] = LayerWeights(tensors)
    let request = WeightSummaryRequest(
      number: 1,
      key: WeightKey(
        place: .init(document: 0, layer: id), revision: nil, sizes: tensors.map(\.sizes)),
      numbers: stored ? .file(MadeUpFile(weights)) : .memory(LayerWeights(tensors)))
    var result = tensors.map { _ in [Histogram]() }
    var isOver = false
    request.carryOut { message in
      switch message {
      case .weightSummarized(1, let index, let summary): result[index].append(summary)
      case .weightsSummarized(1): isOver = true
      default: Issue.record("unexpected")
      }
    }
    #expect(isOver)
    return result
  }

  /// The last that is told of the first weight.
  private func last(of tensors: [Tensor], stored: Bool = true) throws -> Histogram {
    let told = try summaries(tensors, stored: stored)
    return try #require(told.first?.last)
  }

  @Test(arguments: [true, false])
  func equalNumbersComputedDirectly(stored: Bool) throws {
    let numbers = (0..<12).map { Float(($0 * 7) % 12) * 0.25 - 1 }
    let found = try last(of: [Tensor([3, 4], numbers)], stored: stored)
    let mean = numbers.reduce(0) { $0 + Double($1) } / 12
    let variance = numbers.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 12
    #expect(found.least == -1 && found.most == 1.75)
    #expect(abs(found.mean - mean) < 1e-12)
    #expect(abs(found.deviation - variance.squareRoot()) < 1e-12)
    #expect(found.counts.reduce(0, +) == 12)
    #expect(found.counts.first == 1 && found.counts.last == 1)
    // 0.25 apart over 64 parts of a range of 2.75: each number has a part of its own.
    #expect(found.counts.filter { $0 == 1 }.count == 12)
  }

  @Test func whatIsNoNumberIsCountedAndLeftOut() throws {
    let found = try last(of: [Tensor([6], [.nan, 1, .infinity, 3, -.infinity, .nan])])
    #expect(found.count == 2 && found.mean == 2)
    #expect(found.notNumbers == 4 && found.infinite == 2)
    #expect(WeightText.problem(found) == "2 not a number, 2 infinite")
    let none = try last(of: [Tensor([2], [.nan, .nan])])
    #expect(none.count == 0 && none.counts.isEmpty)
    #expect(WeightText.numbers(none).text == "2 not a number")
  }

  @Test func numbersFarFromZeroAndCloseTogetherKeepTheirDeviation() throws {
    let found = try last(of: [Tensor([4], [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3])])
    #expect(abs(found.deviation - 1.25.squareRoot()) < 1e-9)
    #expect(found.mean == 1_000_001.5)
  }

  @Test func ofALargeWeightTheNumbersComeBeforeTheHistogram() throws {
    let large = Tensor([1 << 11, 1 << 12], repeating: 0.5)
    let found = try summaries([large])[0]
    #expect(found.count == 2)
    #expect(found[0].counts.isEmpty && found[0].mean == 0.5)
    #expect(found[1].counts.reduce(0, +) == 1 << 23)
  }

  @Test func numbersAreWrittenInSevenColumns() {
    for value in [0, -0.153, 12.345, -12.345, 1e-12, -2.3456e-12, 3e38, -99_999, -1234.5] {
      #expect(displayWidth(of: WeightText.number(value)) <= 7, "\(value)")
    }
    #expect(WeightText.exact(-0.03125) == "−0.03125")
    #expect(WeightText.exact(2) == "2")
    #expect(WeightText.exact(.nan) == "NaN")
  }
}
