/// Where the window of a convolution or of pooling stands on a plane, and what it covers there.
///
/// A sequence is a plane of one row. Numbers lie as (batch, rows, columns, channels).
struct PlaneGeometry: Sendable {
  /// What the window does on one axis.
  struct Axis: Sendable {
    /// Positions of the input.
    let count: Int
    /// Places where the window stands.
    let places: Int
    /// Positions it covers.
    let size: Int
    /// How far it moves at a time.
    let stride: Int
    /// Distance between the positions it covers.
    let dilation: Int
    /// Positions of padding before the first one.
    let before: Int

    /// The input position that tap `tap` covers at `place`; outside 0..<count in the padding.
    func position(_ place: Int, tap: Int) -> Int { place * stride + tap * dilation - before }

    /// The positions that a window without gaps covers at `place`, padding left out.
    func covered(_ place: Int) -> Range<Int> {
      let start = place * stride - before
      return max(start, 0)..<max(min(start + size, count), max(start, 0))
    }
  }

  let batch: Int
  let channels: Int
  let rows: Axis
  let columns: Axis

  /// How many places there are in all samples.
  var places: Int { batch * rows.places * columns.places }
  /// How many positions the window covers.
  var taps: Int { rows.size * columns.size }
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
  ) throws(PassError) -> PlaneGeometry {
    var axes: [PlaneGeometry.Axis] = []
    if size.count == 1 {
      axes.append(.init(count: 1, places: 1, size: 1, stride: 1, dilation: 1, before: 0))
    }
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
          count: count, places: places, size: size[index], stride: strides[index],
          dilation: dilation[index], before: before))
    }
    return PlaneGeometry(
      batch: input[0], channels: input[input.count - 1], rows: axes[0], columns: axes[1])
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
