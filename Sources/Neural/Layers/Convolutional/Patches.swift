// A patch is what lies under the window at a place, laid side by side, so that one matrix product
// does for many places.
extension PlaneGeometry {
  /// How many numbers of patches are laid side by side at a time.
  private static let patchNumbers = 1 << 20

  /// Whether a patch is one position, and all positions follow each other.
  var isPointwise: Bool { taps == 1 && rows.isIdentity && columns.isIdentity }

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
    var to = patches
    let each = part.count
    for place in range {
      let column = place % columns.places
      let row = place / columns.places % rows.places
      let sample = place / columns.places / rows.places
      for down in 0..<rows.size {
        let y = rows.position(row, tap: down)
        guard y >= 0, y < rows.count else {
          to.update(repeating: 0, count: columns.size * each)
          to += columns.size * each
          continue
        }
        let line = from + (sample * rows.count + y) * columns.count * channels + part.lowerBound
        let x = columns.position(column, tap: 0)
        if columns.dilation == 1, each == channels, x >= 0, x + columns.size <= columns.count {
          // Neighbours with all their channels lie side by side already.
          to.update(from: line + x * channels, count: columns.size * each)
          to += columns.size * each
          continue
        }
        for across in 0..<columns.size {
          let x = columns.position(column, tap: across)
          if x >= 0, x < columns.count {
            to.update(from: line + x * channels, count: each)
          } else {
            to.update(repeating: 0, count: each)
          }
          to += each
        }
      }
    }
  }

  /// Adds what lies side by side in patches to the positions that it stands for: the way back
  /// from `gather`.
  func scatter(
    _ range: Range<Int>, channels part: Range<Int>, _ patches: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    var from = patches
    let each = part.count
    for place in range {
      let column = place % columns.places
      let row = place / columns.places % rows.places
      let sample = place / columns.places / rows.places
      for down in 0..<rows.size {
        let y = rows.position(row, tap: down)
        guard y >= 0, y < rows.count else {
          from += columns.size * each
          continue
        }
        let line = out + (sample * rows.count + y) * columns.count * channels + part.lowerBound
        let x = columns.position(column, tap: 0)
        if columns.dilation == 1, each == channels, x >= 0, x + columns.size <= columns.count {
          let to = line + x * channels
          for index in 0..<(columns.size * each) { to[index] += from[index] }
          from += columns.size * each
          continue
        }
        for across in 0..<columns.size {
          let x = columns.position(column, tap: across)
          if x >= 0, x < columns.count {
            let to = line + x * channels
            for index in 0..<each { to[index] += from[index] }
          }
          from += each
        }
      }
    }
  }
}

extension PlaneGeometry.Axis {
  /// Whether the window stands at every position and covers it alone.
  fileprivate var isIdentity: Bool { size == 1 && stride == 1 && before == 0 && places == count }
}
