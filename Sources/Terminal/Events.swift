@preconcurrency import CNcurses
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension TerminalSession {
  /// Milliseconds to wait for the rest of a key's bytes before a lone ESC is the escape key.
  private static let escapeDelay = 25
  /// Milliseconds after which a paste whose end did not come is over.
  private static let pasteDelay = 1_000
  /// Bytes read at once; the rest waits for the next call, so that the screen can follow.
  private static let readLimit = 1 << 20

  /// Waits until something happens and returns all that did; it costs nothing meanwhile.
  ///
  /// - Parameter timeout: Milliseconds to wait; forever if nil.
  /// - Returns: The events in their order, at most one resize among them, the last; none if the
  ///   time passed. After ``Screen/InputEvent/hangup`` nothing else will come.
  public func nextEvents(timeout: Int? = nil) -> [InputEvent] {
    let clock = ContinuousClock()
    let start = clock.now
    var events: [InputEvent] = []
    while events.isEmpty {
      let left = timeout.map { max(0, $0 - milliseconds(clock.now - start)) }
      let patience = decoder.isPasting ? Self.pasteDelay : Self.escapeDelay
      let wait = decoder.isIncomplete ? min(left ?? patience, patience) : left
      var ends = [
        pollfd(fd: Self.tty, events: Int16(POLLIN), revents: 0),
        pollfd(fd: waker.pipe.readEnd, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&ends, nfds_t(ends.count), wait.map { Int32(clamping: $0) } ?? -1)
      if ready < 0 { continue }
      if ready == 0 {
        events += decoder.flush()
        if let left, wait == left { break }
        continue
      }
      if ends[1].revents != 0 { events += signalledEvents() }
      if ends[0].revents != 0 { events += typedEvents(at: milliseconds(clock.now - epoch)) }
    }
    return coalesced(events)
  }

  private func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
  }

  private func signalledEvents() -> [InputEvent] {
    var events: [InputEvent] = []
    // Each once: a storm of signals asks for no more than one.
    for number in Set(waker.pipe.drain().map(Int32.init)).sorted() {
      switch number {
      case 0: events.append(.wake)
      case SIGHUP: events.append(.hangup)
      case SIGWINCH: events += resized()
      case SIGTSTP:
        suspend(wholeJob: false)
        events.append(.resize(size))
      case SIGCONT:
        recover()
        events.append(.resize(size))
      default: events.append(.terminate(signal: number))
      }
    }
    return events
  }

  private func resized() -> [InputEvent] {
    adopt(windowSize())
    return [.resize(size)]
  }

  private func typedEvents(at time: Int) -> [InputEvent] {
    var events: [InputEvent] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    var total = 0
    while total < Self.readLimit {
      let count = read(Self.tty, &buffer, buffer.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { break }
      guard count > 0 else { return events + [.hangup] }
      events += decoder.decode(buffer[..<count], at: time)
      total += count
      var more = pollfd(fd: Self.tty, events: Int16(POLLIN), revents: 0)
      guard poll(&more, 1, 0) > 0 else { break }
    }
    return events
  }

  /// Keeps the last of several resizes, and the last of drags that follow each other.
  private func coalesced(_ events: [InputEvent]) -> [InputEvent] {
    var result: [InputEvent] = []
    for event in events {
      switch (result.last, event) {
      case (.mouse(let last)?, .mouse(let next)) where last.kind == .drag && next.kind == .drag:
        result.removeLast()
      case (_, .resize):
        result.removeAll { if case .resize = $0 { true } else { false } }
      default: break
      }
      result.append(event)
    }
    return result
  }
}
