import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program in a terminal of its own, seen from the terminal's side.
package final class PseudoTerminal {
  package enum Failure: Error {
    case system(String, Int32)
    case timeout(waitingFor: String, output: String)
  }

  /// How a program ended.
  package enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  package let process: pid_t
  package private(set) var output: [UInt8] = []
  private var controller: Int32
  private let slaveName: String
  private var end: End?

  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
    size: Size = Size(width: 80, height: 24)
  ) throws {
    var slave: Int32 = -1
    var name = [CChar](repeating: 0, count: 128)
    controller = -1
    guard openpty(&controller, &slave, &name, nil, nil) == 0 else {
      throw Failure.system("openpty", errno)
    }
    close(slave)
    slaveName = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    _ = fcntl(controller, F_SETFD, FD_CLOEXEC)
    _ = fcntl(controller, F_SETFL, O_NONBLOCK)
    process = try Self.spawn(
      [executable] + arguments, environment: environment, on: slaveName, size: size,
      controller: controller)
  }

  deinit {
    if end == nil {
      kill(process, SIGKILL)
      _ = waitpid(process, nil, 0)
    }
    if controller >= 0 { close(controller) }
  }

  private static func spawn(
    _ command: [String], environment: [String: String], on slave: String, size: Size,
    controller: Int32
  ) throws -> pid_t {
    try setSize(size, of: controller)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session's leader opens controls it.
    posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = 0x80 /* POSIX_SPAWN_SETSID */ | 0x04 /* SETSIGDEF */ | 0x08 /* SETSIGMASK */
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var all = ["PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]
    all.merge(environment) { $1 }
    let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, command[0], &actions, &attributes, arguments, variables)
    guard error == 0 else { throw Failure.system("posix_spawn \(command[0])", error) }
    return process
  }

  private static func setSize(_ size: Size, of terminal: Int32) throws {
    var window = winsize()
    window.ws_col = UInt16(size.width)
    window.ws_row = UInt16(size.height)
    guard ioctl(terminal, UInt(TIOCSWINSZ), &window) == 0 else {
      throw Failure.system("TIOCSWINSZ", errno)
    }
  }
}

extension PseudoTerminal {
  /// Types text or any bytes.
  package func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EAGAIN else { return }
      rest = rest.dropFirst(max(0, count))
      receive(within: 0)
    }
  }

  package func signal(_ number: Int32) { kill(process, number) }

  /// Gives the terminal another size; its program is told.
  package func resize(to size: Size) throws { try Self.setSize(size, of: controller) }

  /// Takes the terminal away, as a closed window does.
  package func hangUp() {
    close(controller)
    controller = -1
  }

  /// The terminal's line settings, as comparable bytes.
  package func settings() throws -> [UInt32] {
    let slave = open(slaveName, O_RDWR | O_NOCTTY)
    guard slave >= 0 else { throw Failure.system("open \(slaveName)", errno) }
    defer { close(slave) }
    var settings = termios()
    guard tcgetattr(slave, &settings) == 0 else { throw Failure.system("tcgetattr", errno) }
    let characters = withUnsafeBytes(of: settings.c_cc) { $0.map(UInt32.init) }
    return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag].map {
      UInt32(truncatingIfNeeded: $0)
    } + characters
  }

  /// Everything written so far, as text.
  package var text: String { String(decoding: output, as: UTF8.self) }

  /// Reads what comes within some milliseconds; false if nothing did.
  @discardableResult
  package func receive(within milliseconds: Int) -> Bool {
    guard controller >= 0 else { return false }
    var ends = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    guard poll(&ends, 1, Int32(milliseconds)) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(controller, &buffer, buffer.count)
    guard count > 0 else { return false }
    output += buffer[..<count]
    return true
  }

  /// Reads until a condition holds, at most 20 seconds.
  package func wait(for what: String, until isMet: () throws -> Bool) throws {
    let deadline = ContinuousClock().now + .seconds(20)
    while try !isMet() {
      guard ContinuousClock().now < deadline else {
        throw Failure.timeout(waitingFor: what, output: text)
      }
      receive(within: 20)
    }
  }

  /// Reads until new output contains `text`, and then until the program pauses.
  package func wait(for text: String) throws {
    let wanted = Array(text.utf8)
    try wait(for: text) { output.firstRange(of: wanted) != nil }
    settle()
  }

  /// Reads until nothing has come for a while: the program waits for input.
  package func settle() {
    while receive(within: 150) {}
  }

  /// Forgets the output so far.
  package func forget() { output = [] }

  /// Reads until the program ends.
  package func waitForEnd() throws -> End {
    try wait(for: "the program's end") { hasEnded }
    while receive(within: 0) {}
    guard let end else { throw Failure.system("waitpid", errno) }
    return end
  }

  private var hasEnded: Bool {
    if end != nil { return true }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return false }
    let number = status & 0x7f
    end = number == 0 ? .exit((status >> 8) & 0xff) : .signal(number)
    return true
  }
}
