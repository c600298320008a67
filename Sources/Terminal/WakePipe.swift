#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A pipe to oneself: what cannot be waited for with `poll` writes a byte into it.
final class WakePipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .outOfDescriptors }
    for end in ends {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Everything written since the last time: signal numbers, and 0 for a wake-up.
  func drain() -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    while true {
      let count = read(readEnd, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return all }
      all += buffer[..<count]
    }
  }
}

/// Wakes a terminal session from any thread; outlives it without harm.
public struct Waker: Sendable {
  let pipe: WakePipe

  /// Makes the session report ``Screen/InputEvent/wake`` soon.
  public func wake() {
    var byte: UInt8 = 0
    // A full pipe wakes the session already.
    _ = write(pipe.writeEnd, &byte, 1)
  }
}
