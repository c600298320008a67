import Screen

/// Where the parts of the Train screen stand in the body.
struct TrainFrame {
  /// What is trained, and how it goes.
  let title: Rect
  /// How far it is.
  let progress: Rect
  /// The data and the model, its border included; empty where there is no room.
  let info: Rect
  /// The curves.
  let curves: Rect
  /// The gradients of the timesteps, their border included; empty where there is no room.
  let gradients: Rect
  /// A weight, its border included; empty where there is no room.
  let weights: Rect

  /// The parts of a body.
  ///
  /// - Parameters:
  ///   - body: the room of the screen.
  ///   - hasGradients: whether there is a recurrent layer to show the gradients of.
  init(body: Rect, hasGradients: Bool) {
    title = body.row(0)
    progress = body.row(1)
    let below = body.splitTop(2).rest
    var room = below
    if body.width >= 76 {
      (info, room) = below.splitLeft(min(max(body.width * 30 / 100, 28), 46))
    } else {
      info = .zero
    }
    guard room.height >= 14 else {
      (curves, gradients, weights) = (room, .zero, .zero)
      return
    }
    let (bottom, top) = room.splitBottom(min(max(room.height * 38 / 100, 7), 16))
    curves = top
    guard hasGradients else {
      (gradients, weights) = (.zero, bottom)
      return
    }
    (weights, gradients) = bottom.splitRight(
      room.width >= 48 ? max(bottom.width * 42 / 100, 22) : 0)
  }

  /// Rooms for plots beside each other, or below each other.
  ///
  /// - Parameters:
  ///   - rect: the room.
  ///   - count: how many there are to show.
  /// - Returns: at least one room, at most `count`.
  static func plots(in rect: Rect, count: Int) -> [Rect] {
    let columns = min(max(rect.width / 26, 1), count, 3)
    if columns > 1 {
      return (0..<columns).map { column in
        let from = rect.width * column / columns
        let to = rect.width * (column + 1) / columns
        return Rect(x: rect.minX + from, y: rect.minY, width: to - from, height: rect.height)
      }
    }
    guard count > 1, rect.height >= 16 else { return [rect] }
    let (top, bottom) = rect.splitTop(rect.height / 2)
    return [top, bottom]
  }
}

extension State {
  /// Where the parts of the Train screen stand.
  func trainFrame(in body: Rect) -> TrainFrame {
    let isRecurrent = model.layers.values.contains { $0.isRecurrent }
    let hasGradients = train.shownRun.map { !$0.gradients.isEmpty } ?? isRecurrent
    return TrainFrame(body: body, hasGradients: hasGradients)
  }
}
