import Neural

/// The weights of a layer that are to be summed up.
public struct WeightSummaryRequest: Sendable {
  /// Counts requests; an answer to another than the newest is not looked at.
  public let number: Int
  let key: WeightKey
  let numbers: WeightNumbers

  /// Above this many bytes a layer's weights are read one after the other, some at a time.
  private static let readAtOnce = 16 << 20

  /// Sums the weights up, and tells of each as soon as it is known.
  ///
  /// Takes as long as reading them twice: once for their range, once for how they are spread.
  public func carryOut(_ tell: (Message) -> Void) {
    do throws(WeightFault) {
      let numbers = try readWhereSmall()
      for (index, sizes) in key.sizes.enumerated() {
        guard !Task.isCancelled else { return }
        var histogram = Histogram()
        try numbers.stream(index, of: key.place.layer) { histogram.take($0) }
        histogram.finish()
        guard histogram.count > 0 else {
          tell(.weightSummarized(number: number, index: index, histogram))
          continue
        }
        let isLarge = Count.product(sizes) * 4 > Count(Self.readAtOnce)
        if isLarge, !Task.isCancelled {
          // The numbers are known a while before how they are spread.
          tell(.weightSummarized(number: number, index: index, histogram))
        }
        let (lower, upper) = histogram.range()
        try numbers.stream(index, of: key.place.layer) {
          if !Task.isCancelled { histogram.sort($0, from: lower, to: upper) }
        }
        guard !Task.isCancelled else { return }
        tell(.weightSummarized(number: number, index: index, histogram))
      }
      tell(.weightsSummarized(number: number))
    } catch {
      // Nobody waits for one that was stopped.
      if !Task.isCancelled { tell(.weightsNotRead(number: number, error)) }
    }
  }

  /// The numbers, in memory where they are few: reading them once costs less than one by one.
  private func readWhereSmall() throws(WeightFault) -> WeightNumbers {
    guard case .file(let source) = numbers else { return numbers }
    let bytes = key.sizes.reduce(Count(0)) { $0 + Count.product($1) * 4 }
    guard bytes <= Count(Self.readAtOnce) else { return numbers }
    return .memory(try source.weights(of: key.place.layer))
  }
}

extension WeightSummaryRequest: Hashable {
  /// Whether both ask for the same.
  public static func == (lhs: WeightSummaryRequest, rhs: WeightSummaryRequest) -> Bool {
    lhs.number == rhs.number && lhs.key == rhs.key
  }

  /// Feeds the number.
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
