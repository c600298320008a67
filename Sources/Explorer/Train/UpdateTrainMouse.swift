import Screen

/// Applies a click or the wheel to the Train screen.
func updateTrain(_ state: inout State, _ mouse: Mouse) {
  let parts = state.trainFrame(in: state.frame.body)
  func turn(_ earlier: Key, _ later: Key) {
    switch mouse.kind {
    case .wheelUp: _ = updateTrain(&state, earlier)
    case .wheelDown, .press: _ = updateTrain(&state, later)
    default: break
    }
  }
  if parts.weights.contains(mouse.position) {
    turn(.up, .down)
  } else if parts.gradients.contains(mouse.position) {
    turn(.character("["), .character("]"))
  }
}
