@preconcurrency import CNcurses
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The terminal, taken over to show canvases and give events, and given back in every case:
/// on ``close()``, when released, on exit, and when the program crashes or is told to end.
///
/// Only one session may be open at a time.
@MainActor
public final class TerminalSession {
  static let tty: Int32 = STDIN_FILENO

  /// Columns and rows.
  public internal(set) var size: Size
  /// Whether the terminal shows UTF-8; else everything is shown in ASCII.
  public let isUnicode: Bool
  /// The colours in use.
  public var colorDepth: ColorDepth { colors.depth }
  /// Wakes ``nextEvents(timeout:)`` from any thread.
  public let waker: Waker

  private let screen: OpaquePointer?
  private let found: termios
  private let modes: TerminalModes
  var decoder: InputDecoder
  var colors: ColorPairs
  /// What the terminal shows; nil if that is not known.
  var shown: Canvas?
  var isCursorHidden: Bool?
  /// Where times of events count from.
  let epoch = ContinuousClock().now
  private var isOpen = true

  /// Takes the terminal over.
  ///
  /// - Parameter hasAlt: Whether escape followed at once by a character is alt with it. Off, they
  ///   are two keys, so that nothing typed fast after escape is lost.
  /// - Throws: ``TerminalError`` if there is no terminal or it cannot show screens; it is then as
  ///   it was.
  public init(hasAlt: Bool = false) throws(TerminalError) {
    var found = termios()
    guard isatty(Self.tty) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(Self.tty, &found) == 0 else {
      throw .notATerminal
    }
    let term = Environment.value("TERM") ?? ""
    guard !["", "dumb", "unknown"].contains(term) else { throw .unusable(term: term) }
    let pipe = try WakePipe()
    isUnicode = Locale.isUnicode()
    // Before ncurses starts: it leaves signals alone that are already handled.
    tr_catch_signals(pipe.writeEnd)
    guard let screen = cn_start() else {
      tr_release_signals()
      throw .unusable(term: term)
    }
    guard cn_capability("cup") != nil else {
      endwin()
      delscreen(screen)
      tcsetattr(Self.tty, TCSADRAIN, &found)
      tr_release_signals()
      throw .unusable(term: term)
    }
    self.screen = screen
    self.found = found
    waker = Waker(pipe: pipe)
    modes = TerminalModes()
    colors = ColorPairs(isMonochrome: Environment.value("NO_COLOR")?.isEmpty == false)
    let own = KeySequences.capabilities.compactMap { capability in
      TerminalModes.capability(capability.name).map { (bytes: $0, key: capability.key) }
    }
    decoder = InputDecoder(ownKeys: own, hasAlt: hasAlt)
    size = .zero
    tr_catch_crashes()
    arm()
    prepareNcurses()
    size = windowSize()
    adopt(size)
  }

  deinit {
    // Memory is left to ncurses; the terminal is not.
    tr_restore()
  }

  private func prepareNcurses() {
    raw()
    noecho()
    nonl()
    keypad(stdscr, true)
    // A frame is always finished, even if keys wait already.
    typeahead(-1)
    write(modes.enter)
  }

  private func arm() {
    var settings = found
    modes.restore.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        tr_arm(STDOUT_FILENO, &settings, bytes.baseAddress, bytes.count)
      }
    }
  }

  /// Gives the terminal back; further calls do nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    leave()
    delscreen(screen)
    tr_release_signals()
  }

  private func leave() {
    write(modes.leave)
    endwin()
    var settings = found
    tcsetattr(Self.tty, TCSADRAIN, &settings)
    tr_disarm()
  }

  /// Gives the terminal back, stops the program until the shell continues it, and takes the
  /// terminal again; what was shown last is shown anew.
  ///
  /// - Parameter wholeJob: Whether the other processes of the job stop too, as when ctrl-z is
  ///   pressed; a shell would wait for them otherwise.
  public func suspend(wholeJob: Bool = true) {
    guard isOpen else { return }
    leave()
    tr_stop(wholeJob)
    reenter()
  }

  /// Takes the terminal again after someone else had it.
  func reenter() {
    arm()
    reset_prog_mode()
    isCursorHidden = nil
    write(modes.enter)
    size = windowSize()
    adopt(size)
    let last = shown
    shown = nil
    if let last, last.size == size { present(last) }
  }

  /// After SIGSTOP and SIGCONT nobody gave the terminal back, and the shell used it meanwhile.
  func recover() {
    guard isOpen else { return }
    leave()
    reenter()
  }

  private func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { tr_write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
