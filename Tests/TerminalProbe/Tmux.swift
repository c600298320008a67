import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A tmux server of its own with one window: a real terminal whose screen can be read.
package final class Tmux {
  package enum Failure: Error {
    case system(String, Int32)
    case timeout(waitingFor: String, screen: String)
  }

  private let socket = "/tmp/unroll-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmux"

  /// Runs a shell command in a window of a size.
  ///
  /// - Parameters:
  ///   - command: Passed to `sh`; the window closes when it ends.
  ///   - environment: Variables set for it; tmux itself runs in UTF-8.
  ///   - size: Columns and rows.
  /// - Throws: ``Failure`` if tmux cannot be started.
  package init(
    _ command: String, environment: [String: String] = [:],
    size: Size = Size(width: 100, height: 30)
  ) throws {
    let settings = environment.sorted { $0.key < $1.key }.flatMap {
      ["-e", "\($0.key)=\($0.value)"]
    }
    try run(
      ["new-session", "-d", "-x", "\(size.width)", "-y", "\(size.height)"] + settings + [command])
  }

  deinit {
    _ = try? run(["kill-server"])
    unlink(socket)
  }

  /// Presses keys by tmux' names: `Enter`, `Escape`, `C-z`, `Down`, or characters.
  package func press(_ keys: String...) throws { try run(["send-keys"] + keys) }

  /// Types text as it stands.
  package func type(_ text: String) throws { try run(["send-keys", "-l", text]) }

  /// Gives the window another size.
  package func resize(to size: Size) throws {
    try run(["resize-window", "-x", "\(size.width)", "-y", "\(size.height)"])
  }

  /// The screen's text; with `styles`, colours and attributes as escape sequences.
  package func screen(styles: Bool = false) throws -> String {
    try run(["capture-pane", "-p"] + (styles ? ["-e"] : []))
  }

  /// Waits until the screen meets a condition, at most 20 seconds, and returns it.
  @discardableResult
  package func wait(for what: String, until isMet: (String) -> Bool) throws -> String {
    let deadline = ContinuousClock().now + .seconds(20)
    while true {
      let screen = try screen()
      if isMet(screen) { return screen }
      guard ContinuousClock().now < deadline else {
        throw Failure.timeout(waitingFor: what, screen: screen)
      }
      usleep(20_000)
    }
  }

  /// Waits until the screen shows a text and returns it.
  @discardableResult
  package func wait(for text: String) throws -> String {
    try wait(for: text) { $0.contains(text) }
  }

  @discardableResult
  private func run(_ arguments: [String]) throws -> String {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure.system("pipe", errno) }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    // A test runs on a thread that may block signals, and tmux would hand that on to its programs.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(0x08 /* POSIX_SPAWN_SETSIGMASK */))
    let command = ["tmux", "-u", "-S", socket, "-f", "/dev/null"] + arguments
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let environment = [
      "PATH=\(path)", "TERM=xterm-256color", "LC_ALL=C.UTF-8", "SHELL=/bin/sh", "HOME=/",
    ]
    let words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, "tmux", &actions, &attributes, words, variables)
    close(ends[1])
    guard error == 0 else { throw Failure.system("tmux", error) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(ends[0], &buffer, buffer.count), count > 0 {
      output += buffer[..<count]
    }
    var status: Int32 = 0
    _ = waitpid(process, &status, 0)
    guard status == 0 else { throw Failure.system("tmux \(arguments)", status) }
    return String(decoding: output, as: UTF8.self)
  }
}
