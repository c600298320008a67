/// Bars beside each other, in eighths of a row.
public struct Bars: Hashable, Sendable {
  /// How high each bar is: 0 nothing, 1 the whole height; `nil`: there is none.
  public var heights: [Double?]

  /// Bars of these heights.
  public init(_ heights: [Double?]) { self.heights = heights }

  private static let eighths = Array("▁▂▃▄▅▆▇█")

  /// A bar of one row as a character; one of some height shows, however low it is.
  public static func block(_ height: Double) -> Character {
    guard height > 0 else { return " " }
    return eighths[min(max(Int((min(height, 1) * 8).rounded()), 1), 8) - 1]
  }

  /// Columns of each bar, the gap behind it among them, where so many have this room.
  public static func pitch(count: Int, width: Int) -> Int {
    count > 0 ? min(max(width / count, 1), 8) : 1
  }

  /// Numbers so few that each has a column: of several, the largest.
  public static func binned(_ values: [Double], to width: Int) -> [Double] {
    guard values.count > width, width > 0 else { return values }
    return (0..<width).map { column in
      let from = values.count * column / width
      let to = max(values.count * (column + 1) / width, from + 1)
      return values[from..<to].max() ?? 0
    }
  }

  /// Draws the bars from the left; those that have no room are left out.
  ///
  /// A bar of some height shows, however low it is.
  public func render(into canvas: inout Canvas, in rect: Rect, style: Style = .plain) {
    guard rect.width > 0, rect.height > 0 else { return }
    let pitch = Bars.pitch(count: heights.count, width: rect.width)
    for (index, height) in heights.prefix(rect.width / pitch).enumerated() {
      guard let height, height > 0 else { continue }
      let steps = max(Int((min(height, 1) * Double(rect.height * 8)).rounded()), 1)
      let columns = pitch > 1 ? pitch - 1 : 1
      for row in 0..<(steps + 7) / 8 {
        let eighth = min(steps - row * 8, 8)
        canvas.write(
          String(repeating: Bars.eighths[eighth - 1], count: columns),
          at: Point(x: rect.minX + index * pitch, y: rect.maxY - 1 - row), style: style)
      }
    }
  }
}
