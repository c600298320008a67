import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C as something to ask for: a run ends at the next good moment, not in the midst of a file.
enum Interrupts {
  private static let flag = Atomic<Bool>(false)

  /// What a shell expects of a command that Ctrl-C ended.
  static let exitCode: Int32 = 130

  /// Whether Ctrl-C was pressed since `watch()`.
  static var happened: Bool { flag.load(ordering: .relaxed) }

  /// From now on the first Ctrl-C is noted; a second one ends the process at once.
  static func watch() {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { _ in Interrupts.note() }
    #else
      action.__sigaction_handler.sa_handler = { _ in Interrupts.note() }
    #endif
    sigemptyset(&action.sa_mask)
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    sigaction(SIGINT, &action, nil)
  }

  private static func note() { flag.store(true, ordering: .relaxed) }
}
