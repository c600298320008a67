/// The new positions of an axis as weighted sums of its old ones: a part is cut out, it is made
/// larger or smaller, or something is added around it.
struct AxisResampling: Sendable {
  /// The axis.
  let axis: Int
  /// How many old positions there are.
  let count: Int
  /// For each new position, the old ones that count, with their weights.
  private(set) var parts: [[(position: Int, weight: Float)]]
  /// What is added to each new position; `nil`: nothing.
  private(set) var added: [Float]?

  /// The positions of `range` alone.
  init(axis: Int, count: Int, keeping range: Range<Int>) {
    self.axis = axis
    self.count = count
    parts = range.map { [(position: $0, weight: Float(1))] }
  }

  /// `size` positions made of those of `range`.
  ///
  /// - Parameters:
  ///   - axis: the axis.
  ///   - count: how many old positions there are.
  ///   - range: those that count; where it reaches beyond the old ones, `filling` stands there.
  ///   - size: how many new ones there are.
  ///   - kernel: how much old positions count; `nil`: the nearest one alone.
  ///   - isSmoothed: whether more of them count where the axis becomes smaller.
  ///   - filling: the number beyond the old positions.
  init(
    axis: Int, count: Int, from range: Range<Int>, to size: Int, _ kernel: ResamplingKernel?,
    isSmoothed: Bool = false, filling: Float = 0
  ) {
    self.axis = axis
    self.count = count
    let all =
      range.count == size
      ? (0..<size).map { [(position: $0, weight: 1)] }
      : kernel?.weights(from: range.count, to: size, isSmoothed: isSmoothed)
        ?? Self.nearest(from: range.count, to: size)
    let bounds = 0..<count
    parts = all.map { parts in
      parts.map { (position: $0.position + range.lowerBound, weight: $0.weight) }
        .filter { bounds.contains($0.position) }
    }
    if range.lowerBound < 0 || range.upperBound > count {
      added = all.map { parts in
        parts.reduce(0) { sum, part in
          bounds.contains(part.position + range.lowerBound) ? sum : sum + part.weight * filling
        }
      }
    }
  }

  /// Source: `_resize_nearest` of `jax.image.resize`.
  private static func nearest(from old: Int, to new: Int) -> [[(position: Int, weight: Float)]] {
    (0..<new).map { place in
      let position = Int(((Float(place) + 0.5) * Float(old) / Float(new)).rounded(.down))
      return [(position: min(position, old - 1), weight: 1)]
    }
  }

  /// Whether nothing changes.
  var isIdentity: Bool {
    added == nil && parts.count == count
      && parts.enumerated().allSatisfy { place, parts in
        parts.count == 1 && parts[0].position == place && parts[0].weight == 1
      }
  }
}

extension Pass {
  /// A pass whose axes are resampled, one after the other.
  init(_ input: Tensor, resampledBy steps: [AxisResampling], in context: PassContext) {
    let steps = steps.filter { !$0.isIdentity }
    var output = input
    for step in steps {
      output = output.resampled(step.parts, axis: step.axis)
      if let added = step.added { output.add(added, axis: step.axis) }
    }
    self.init(output, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      var back = gradient
      for step in steps.reversed() {
        back = back.resampled(step.parts.swapped(count: step.count), axis: step.axis)
      }
      return Gradients(back)
    }
  }
}

extension Tensor {
  /// Adds a number to all that stands at each position of an axis.
  fileprivate mutating func add(_ numbers: [Float], axis: Int) {
    let (outer, size, inner) = split(at: axis)
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<outer {
        for (place, number) in numbers.enumerated() where number != 0 {
          let start = (row * size + place) * inner
          for index in start..<(start + inner) { values[index] += number }
        }
      }
    }
  }
}
