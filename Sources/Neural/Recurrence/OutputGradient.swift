/// How the loss changes with the outputs of all positions of one direction.
struct OutputGradient: Sendable {
  private let gradient: Tensor
  /// Where the gradient of sample 0 at position 0 stands.
  private let start: Int
  /// From a sample, and from a position, to the next one, in numbers.
  let sampleStride: Int
  let stepStride: Int

  /// The gradient of a direction whose outputs are `width` columns of a sequence, from `column` on.
  ///
  /// - Parameters:
  ///   - gradient: (batch, timesteps, all columns).
  ///   - column: the first column of the direction.
  ///   - isReversed: whether the first position stands last.
  ///   - scan: the direction.
  init(_ gradient: Tensor, column: Int = 0, isReversed: Bool = false, of scan: RecurrentScan) {
    let (timesteps, width) = (gradient.sizes[1], gradient.sizes[2])
    let walk = scan.walk
    guard walk.mask != nil, walk.maskedOutput != .held else {
      self.gradient = gradient
      start = column + (isReversed ? (timesteps - 1) * width : 0)
      sampleStride = timesteps * width
      stepStride = isReversed ? -width : width
      return
    }
    // Zeros that masked timesteps gave instead of the state say nothing of it.
    let units = walk.layer.units
    start = 0
    sampleStride = timesteps * units
    stepStride = units
    self.gradient = Tensor([walk.batch, timesteps, units]) { out in
      gradient.values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress else { return }
        for sample in 0..<walk.batch {
          var counted = false
          for position in 0..<timesteps {
            let counts = walk.counts(walk.timestep(at: position), sample: sample)
            let row = sample * timesteps + position
            let place = sample * timesteps + (isReversed ? timesteps - 1 - position : position)
            if counts || walk.shows(maskedAfter: counted) {
              (to + row * units).update(from: from + place * width + column, count: units)
            } else {
              (to + row * units).update(repeating: 0, count: units)
            }
            counted = counted || counts
          }
        }
      }
    }
  }

  /// Gives `body` the place of the gradient of sample 0 at position 0.
  func withStart(_ body: (UnsafePointer<Float>?) -> Void) {
    gradient.values.withUnsafeBufferPointer { numbers in
      body(numbers.baseAddress.map { $0 + start })
    }
  }
}
