import Neural

/// A matrix of a weight, to be looked at: the means of its blocks, and numbers one by one.
public struct WeightPlane: Sendable {
  /// Which matrix it is.
  let place: Place
  /// The means of its blocks; where it is not large, each is of one number.
  let means: BlockMeans
  /// The largest magnitude in it.
  let largest: Float
  /// The number around which it was read, counted row by row.
  let middle: Int
  /// The place in the weight of the first number of `values`.
  private let start: Int
  private let values: [Float]

  /// What decides the numbers of a matrix.
  struct Place: Hashable, Sendable {
    /// The weights of the layer.
    var key: WeightKey
    /// Which of them.
    var index: Int
    /// Which of its matrices.
    var slice: Int
  }

  init(
    _ place: Place, means: BlockMeans, largest: Float, middle: Int, start: Int, values: [Float]
  ) {
    (self.place, self.means, self.largest) = (place, means, largest)
    (self.middle, self.start, self.values) = (middle, start, values)
  }

  /// A number; `nil` where it is not at hand.
  func value(_ row: Int, _ column: Int) -> Float? {
    let matrix = means.rows * means.columns
    let index = place.slice * matrix + row * means.columns + column - start
    return values.indices.contains(index) ? values[index] : nil
  }
}

/// Numbers of a weight that are to be read.
public struct WeightReadRequest: Sendable {
  /// Counts requests; an answer to another than the newest is not looked at.
  public let number: Int
  let place: WeightPlane.Place
  let axes: WeightAxes
  /// The number around which they must be at hand where not all of them are, counted row by row.
  let middle: Int
  let numbers: WeightNumbers

  /// Numbers of a matrix that is held whole.
  static let mostHeld = 16 << 20
  /// Numbers of a larger one that are held.
  static let held = 4 << 20

  /// Reads them; of a matrix that is too large to be held whole, those around a row, and the means
  /// of its blocks.
  ///
  /// - Returns: the answer; `nil` where nobody waits for it.
  public func carryOut() -> Message? {
    do throws(WeightFault) {
      let plane = try read()
      return Task.isCancelled ? nil : .weightRead(number: number, plane)
    } catch {
      return Task.isCancelled ? nil : .weightsNotRead(number: number, error)
    }
  }

  private func read() throws(WeightFault) -> WeightPlane {
    guard let all = multiplied(axes.sliceCount, axes.count), all < 1 << 50 else {
      throw WeightFault("the weight is too large to be looked at")
    }
    let count = axes.count
    let matrix = place.slice * count..<(place.slice + 1) * count
    var builder = BlockMeans.Builder(
      rows: axes.rows, columns: axes.columns, segment: axes.segment)
    let layer = place.key.place.layer
    var kept = matrix
    var values: [Float] = []
    if case .memory(let weights) = numbers {
      // All of it is at hand, and shared.
      kept = 0..<0
      values = weights[place.index].values
    } else {
      if count > Self.mostHeld {
        let first = max(
          min(matrix.lowerBound + middle - Self.held / 2, matrix.upperBound - Self.held),
          matrix.lowerBound)
        kept = first..<min(first + Self.held, matrix.upperBound)
      }
      values.reserveCapacity(kept.count)
    }
    var position = 0
    try numbers.stream(place.index, of: layer) { block in
      let here = position..<position + block.count
      position = here.upperBound
      guard !Task.isCancelled else { return }
      let part = here.clamped(to: matrix)
      if !part.isEmpty { builder.take(block.part(part, of: here)) }
      let wanted = here.clamped(to: kept)
      if !wanted.isEmpty { values.append(contentsOf: block.part(wanted, of: here)) }
    }
    return WeightPlane(
      place, means: builder.finished(), largest: builder.largest, middle: middle,
      start: kept.lowerBound, values: values)
  }
}

extension UnsafeBufferPointer<Float> {
  /// A part of the numbers, all of which stand at `range`.
  fileprivate func part(_ part: Range<Int>, of range: Range<Int>) -> UnsafeBufferPointer {
    let start = part.lowerBound - range.lowerBound
    return UnsafeBufferPointer(rebasing: self[start..<start + part.count])
  }
}

extension WeightReadRequest: Hashable {
  /// Whether both ask for the same.
  public static func == (lhs: WeightReadRequest, rhs: WeightReadRequest) -> Bool {
    lhs.number == rhs.number && lhs.place == rhs.place && lhs.middle == rhs.middle
  }

  /// Feeds the number.
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
