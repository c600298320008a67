/// Where the window of a convolution or of pooling stands on an input, and what it covers there.
///
/// Numbers lie as (batch, spatial…, channels), whatever the number of spatial axes: one of
/// sequences, two of images, three of volumes. The last of them is a line, whose positions follow
/// each other in memory; all others together say which lines the window covers.
struct WindowGeometry: Sendable {
  let batch: Int
  let channels: Int
  /// The spatial axes but the last one, outermost first.
  var outer: [Axis] = []
  /// The last spatial axis.
  let line: Axis

  /// How many places there are in all samples.
  var places: Int { outer.reduce(batch * line.places) { $0 * $1.places } }
  /// How many positions the window covers.
  var taps: Int { outer.reduce(line.size) { $0 * $1.size } }
}

extension WindowGeometry {
  /// What the window does on one axis.
  struct Axis: Sendable {
    /// Positions of the input.
    let count: Int
    /// Places where the window stands.
    let places: Int
    /// Positions it covers at most.
    let size: Int
    /// Distance between the positions it covers.
    let dilation: Int
    /// How it moves from place to place.
    let motion: Motion

    /// How a window moves.
    enum Motion: Hashable, Sendable {
      /// As far each time, with positions of padding before the first one.
      case strides(Int, before: Int)
      /// So that all places together divide the positions as evenly as can be.
      case dividing
    }

    /// The input position of the first tap at `place`; below 0 in the padding.
    @inline(__always) func start(_ place: Int) -> Int {
      switch motion {
      case .strides(let stride, let before): place * stride - before
      case .dividing: divided(place).quotient
      }
    }

    /// The taps at `place` that stand on positions of the input, not on padding.
    @inline(__always) func covered(_ place: Int) -> Range<Int> {
      let start = start(place)
      if case .dividing = motion {
        // A position that two places share belongs to both.
        let end = divided(place + 1)
        return 0..<(end.quotient + (end.remainder > 0 ? 1 : 0) - start)
      }
      let first = start < 0 ? min(steps(-start), size) : 0
      return first..<max(min(steps(count - start), size), first)
    }

    /// How many taps stand before a distance.
    @inline(__always) private func steps(_ distance: Int) -> Int {
      dilation == 1 ? distance : (distance + dilation - 1) / dilation
    }

    /// `place · count ÷ places`, rounded down.
    private func divided(_ place: Int) -> (quotient: Int, remainder: Int) {
      places.dividingFullWidth(count.multipliedFullWidth(by: place))
    }
  }

  /// A line of the input under the window: which one, counted through all samples, and by which of
  /// the taps of the outer axes.
  struct Row {
    var tap: Int
    var line: Int
  }

  /// Visits the lines of places that `range` touches, in order.
  ///
  /// `body` gets the first place of the range on this line, counted through all samples, the
  /// places as they are counted on the line, and the lines of the input that the window covers
  /// from all of them.
  @inline(__always) func forEachLine(
    in range: Range<Int>, _ body: (_ first: Int, _ places: Range<Int>, _ rows: [Row]) -> Void
  ) {
    guard line.places > 0 else { return }
    var (rows, widened): ([Row], [Row]) = ([], [])
    var place = range.lowerBound
    while place < range.upperBound {
      let first = place % line.places
      let end = min(line.places, first + range.upperBound - place)
      findRows(of: place / line.places, &rows, room: &widened)
      body(place, first..<end, rows)
      place += end - first
    }
  }

  /// The lines of the input under the window at a line of places.
  private func findRows(of index: Int, _ rows: inout [Row], room: inout [Row]) {
    var below = outer.reduce(1) { $0 * $1.places }
    rows.removeAll(keepingCapacity: true)
    rows.append(Row(tap: 0, line: index / below))
    for axis in outer {
      let rest = index % below
      below /= axis.places
      let (start, taps) = (axis.start(rest / below), axis.covered(rest / below))
      room.removeAll(keepingCapacity: true)
      for row in rows {
        for tap in taps {
          // Only pooling has windows of more taps than there are numbers, and asks for none.
          room.append(
            Row(
              tap: row.tap &* axis.size &+ tap,
              line: row.line * axis.count + start + tap * axis.dilation))
        }
      }
      swap(&rows, &room)
    }
  }
}

extension Window {
  /// The geometry on an input (batch, spatial…, channels) that the window fits.
  ///
  /// - Parameters:
  ///   - input: the sizes of the input, channels last.
  ///   - isCausal: whether all padding stands before the first position.
  ///   - layer: the layer's class, for messages.
  /// - Returns: the geometry.
  /// - Throws: `PassError` where the window is larger than the input, or than a computer can
  ///   address.
  func geometry(
    on input: [Int], isCausal: Bool = false, for layer: String
  ) throws(PassError) -> WindowGeometry {
    var axes: [WindowGeometry.Axis] = []
    for index in size.indices {
      let count = input[index + 1]
      let reach = multiplied(dilation[index], size[index] - 1)
      guard let places = places(on: count, axis: index), let reach, reach < 1 << 60 else {
        throw PassError("\(layer) reaches over more than the \(count) positions of its input")
      }
      var before = 0
      if isPadded {
        // With padding (places − 1) · stride stays below count.
        let padding = max((places - 1) * strides[index] + reach + 1 - count, 0)
        before = isCausal ? reach : padding / 2
      }
      axes.append(
        .init(
          count: count, places: places, size: size[index], dilation: dilation[index],
          motion: .strides(strides[index], before: before)))
    }
    guard let line = axes.popLast() else { throw PassError("\(layer) has no axis to slide over") }
    return WindowGeometry(
      batch: input[0], channels: input[input.count - 1], outer: axes, line: line)
  }
}

extension Tensor {
  /// The tensor with its channels last.
  func channelsLast(_ format: DataFormat) -> Tensor {
    format == .channelsLast ? self : transposed([0] + Array(2..<rank) + [1])
  }

  /// The tensor, whose channels are last, with its channels where the format has them.
  func inFormat(_ format: DataFormat) -> Tensor {
    format == .channelsLast ? self : transposed([0, rank - 1] + Array(1..<(rank - 1)))
  }
}
