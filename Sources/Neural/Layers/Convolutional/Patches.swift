// A patch is what lies under the window at a place, laid side by side, so that one matrix product
// does for many places.
extension WindowGeometry {
  /// How many numbers of patches are laid side by side at a time.
  private static let patchNumbers = 1 << 20

  /// Whether a patch is one position, and all positions follow each other.
  var isPointwise: Bool { taps == 1 && line.isIdentity && outer.allSatisfy(\.isIdentity) }

  /// Calls `body` for all places, a run of them at a time, with room for their patches.
  func forEachPatches(
    of width: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let count = max(1, min(places, Self.patchNumbers / max(width, 1)))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(count * width, 1)) { patches in
      guard let patches = patches.baseAddress else { return }
      for start in stride(from: 0, to: places, by: count) {
        body(start..<min(start + count, places), patches)
      }
    }
  }

  /// Lays the numbers under the window at each place of `range` side by side; padding is 0.
  func gather(
    _ range: Range<Int>, channels part: Range<Int>, _ from: UnsafePointer<Float>,
    into patches: UnsafeMutablePointer<Float>
  ) {
    let width = taps * part.count
    var patch = patches
    // How much of the patch is written.
    var filled = 0
    forEachRun(range, channels: part) { position, place, count in
      (patch + filled).update(repeating: 0, count: place - filled)
      (patch + place).update(from: from + position, count: count)
      filled = place + count
    } afterPlace: {
      (patch + filled).update(repeating: 0, count: width - filled)
      patch += width
      filled = 0
    }
  }

  /// Adds what lies side by side in patches to the positions that it stands for: the way back
  /// from `gather`.
  func scatter(
    _ range: Range<Int>, channels part: Range<Int>, _ patches: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    let width = taps * part.count
    var patch = patches
    forEachRun(range, channels: part) { position, place, count in
      let (to, from) = (out + position, patch + place)
      for index in 0..<count { to[index] += from[index] }
    } afterPlace: {
      patch += width
    }
  }

  /// Visits the runs of numbers that lie side by side both in the input and in the patch of a
  /// place, from the front of the patch to its end; padding is left out.
  ///
  /// `body` gets where the run starts in the input and in the patch, and how long it is.
  @inline(__always) private func forEachRun(
    _ range: Range<Int>, channels part: Range<Int>,
    _ body: (_ position: Int, _ place: Int, _ count: Int) -> Void, afterPlace: () -> Void
  ) {
    let each = part.count
    // Neighbours with all their channels lie side by side already.
    let isDense = line.dilation == 1 && each == channels
    let step = line.dilation * channels
    forEachLine(in: range) { _, places, rows in
      for place in places {
        let taps = line.covered(place)
        let first = line.start(place) + taps.lowerBound * line.dilation
        for row in rows {
          let from = (row.line * line.count + first) * channels + part.lowerBound
          let to = (row.tap * line.size + taps.lowerBound) * each
          if isDense {
            body(from, to, taps.count * each)
          } else {
            for index in 0..<taps.count { body(from + index * step, to + index * each, each) }
          }
        }
        afterPlace()
      }
    }
  }
}

extension WindowGeometry.Axis {
  /// Whether the window stands at every position and covers it alone.
  fileprivate var isIdentity: Bool {
    size == 1 && motion == .strides(1, before: 0) && places == count
  }
}
