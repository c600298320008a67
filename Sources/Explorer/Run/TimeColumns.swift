/// How close timesteps are looked at.
enum Zoom: Int, Hashable, Sendable, CaseIterable {
  /// The whole sequence on the screen.
  case whole
  /// A column for each timestep.
  case columns
  /// Two columns for each, and one between.
  case cells
  /// As far apart as their numbers on the ruler.
  case wide
  /// With the number beside each.
  case numbers

  /// Columns from one timestep to the next; `nil`: as it comes.
  var pitch: Int? {
    switch self {
    case .whole: nil
    case .columns: 1
    case .cells: 3
    case .wide: 6
    case .numbers: 9
    }
  }
}

/// Which timesteps stand in which columns of the screen.
struct TimeColumns: Hashable {
  /// How many timesteps there are.
  let timesteps: Int
  /// Columns from one to the next.
  let pitch: Int
  /// Timesteps in one column; more than 1 only where `pitch` is 1.
  let stepsPerColumn: Int
  /// The first timestep on the screen.
  let first: Int
  /// How many columns there are.
  let count: Int

  /// The columns for a width.
  ///
  /// - Parameters:
  ///   - timesteps: how many there are.
  ///   - width: columns of the screen.
  ///   - zoom: how close.
  ///   - t: the timestep that must be on the screen.
  init(timesteps: Int, width: Int, zoom: Zoom, around t: Int) {
    self.timesteps = max(timesteps, 1)
    let width = max(width, 1)
    // Where gaps are between timesteps, the last one needs none.
    let wide = (width + 1) / self.timesteps
    let fitting = wide > 2 ? wide : width / self.timesteps
    guard let wanted = zoom.pitch, wanted > fitting else {
      pitch = fitting >= 9 ? 9 : max(min(fitting, 6), 1)
      stepsPerColumn = max((self.timesteps + width - 1) / width, 1)
      first = 0
      count = (self.timesteps + stepsPerColumn - 1) / stepsPerColumn
      return
    }
    pitch = wanted
    stepsPerColumn = 1
    count = min(max((width + (wanted > 2 ? 1 : 0)) / wanted, 1), self.timesteps)
    // Half a screen at a time: while the playhead moves, most of the screen stands still.
    let half = max(count / 2, 1)
    let page = max((t - half / 2) / half, 0) * half
    first = min(page, self.timesteps - count)
  }

  /// The columns that are used.
  var width: Int { count * pitch }

  /// The timesteps of a column.
  func steps(_ column: Int) -> Range<Int> {
    let start = first + column * stepsPerColumn
    return start..<min(start + stepsPerColumn, timesteps)
  }

  /// The column of a timestep; `nil` where it is not on the screen.
  func column(of t: Int) -> Int? {
    let column = (t - first) / stepsPerColumn
    return t >= first && column < count ? column : nil
  }

  /// The timesteps on the screen.
  var visible: Range<Int> { first..<min(first + count * stepsPerColumn, timesteps) }

  /// Timesteps of a column that are looked at: of very many some, spread evenly.
  func looked(at steps: Range<Int>) -> StrideTo<Int> {
    stride(
      from: steps.lowerBound, to: steps.upperBound,
      by: max(steps.count / TimeColumns.mostLookedAt, 1))
  }

  /// Whether some timesteps of a column are not looked at.
  var skips: Bool { stepsPerColumn >= 2 * TimeColumns.mostLookedAt }

  private static let mostLookedAt = 32

  /// How many columns a timestep's own mark takes.
  var cellWidth: Int { pitch == 1 ? 1 : pitch >= 9 ? 7 : 2 }

  /// Whether all timesteps are on the screen.
  var isWhole: Bool { visible == 0..<timesteps }
}
