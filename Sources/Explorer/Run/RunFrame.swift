import Neural
import Screen

/// Where the parts of the Run screen stand in the body.
struct RunFrame {
  /// What is run, and the clock.
  let title: Rect
  /// The ruler and the rows below it.
  let lanes: Rect
  /// Several units over the same columns, its border included; empty where there is no room.
  let grid: Rect
  /// The gates of one unit at one timestep, its border included.
  let inspector: Rect
  /// All layers at one timestep, its border included; empty where there is no room.
  let strips: Rect

  /// Columns from which inspector and strips stand side by side.
  static let wide = 132

  /// The parts of a body.
  ///
  /// - Parameters:
  ///   - body: the room of the screen.
  ///   - laneRows: rows of the lanes, the ruler among them.
  ///   - units: how many units there are.
  ///   - inspectorLines: what the inspector has to say.
  ///   - layers: how many layers there are.
  init(body: Rect, laneRows: Int, units: Int, inspectorLines: Int, layers: Int) {
    let (title, below) = body.splitTop(1)
    let (lanes, rest) = below.splitTop(laneRows)
    (self.title, self.lanes) = (title, lanes)
    let inspectorHeight = min(inspectorLines > 0 ? inspectorLines + 2 : 0, rest.height)
    var room: Rect
    if body.width >= RunFrame.wide {
      let height = min(max(inspectorHeight, min(layers + 2, rest.height / 2)), rest.height)
      let (middle, below) = rest.splitTop(height)
      (inspector, strips) = middle.splitLeft(RunFrame.inspectorWidth(body.width))
      room = below
    } else {
      (inspector, room) = rest.splitTop(inspectorHeight)
      // A border with a line or two tells less than room to breathe.
      let height = room.height >= 3 ? min(layers + 2, room.height) : 0
      (strips, room) = room.splitTop(height)
    }
    grid = room.splitTop(RunFrame.gridHeight(room.height, units: units)).top
  }

  /// Columns of the inspector, its border included.
  static func inspectorWidth(_ width: Int) -> Int {
    width >= RunFrame.wide ? max(width * 46 / 100, 70) : width
  }

  /// Rows for units: not for less than two of them.
  private static func gridHeight(_ room: Int, units: Int) -> Int {
    room >= 4 && units > 1 ? min(room, units + 2) : 0
  }
}
