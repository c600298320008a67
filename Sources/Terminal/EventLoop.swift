import Screen

extension TerminalSession {
  /// Shows, waits and handles until `handle` says it is done; ctrl-z suspends, ctrl-l redraws.
  ///
  /// A hang-up or a signal to end is handed on and then ends the loop, whatever `handle` says.
  /// - Parameters:
  ///   - draw: Makes the screen of a size; called once after all events that came together.
  ///   - handle: Takes an event; false ends the loop.
  public func run(draw: (Size) -> Canvas, handle: (InputEvent) -> Bool) {
    while true {
      present(draw(size))
      for event in nextEvents() {
        switch event {
        case .key(.control("z")):
          suspend()
          // The window may have changed meanwhile.
          if !handle(.resize(size)) { return }
        case .key(.control("l")): redraw()
        case .hangup, .terminate:
          _ = handle(event)
          return
        default: if !handle(event) { return }
        }
      }
    }
  }
}
