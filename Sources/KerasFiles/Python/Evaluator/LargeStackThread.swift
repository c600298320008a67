#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A thread with a stack of its own size: deep recursion needs more than the usual half megabyte.
///
/// Only the part of the stack that is used takes memory.
enum LargeStackThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on a new thread; where no such thread can be had, on this one.
  static func start(stackSize: Int, _ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    if create(stackSize, work) != 0 { _ = run(work) }
  }

  #if canImport(Darwin)
    private static func create(_ stackSize: Int, _ work: UnsafeMutableRawPointer) -> Int32 {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED)
      pthread_attr_setstacksize(&attributes, stackSize)
      var thread: pthread_t?
      let status = pthread_create(&thread, &attributes, { LargeStackThread.run($0) }, work)
      pthread_attr_destroy(&attributes)
      return status
    }
  #else
    private static func create(_ stackSize: Int, _ work: UnsafeMutableRawPointer) -> Int32 {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      pthread_attr_setstacksize(&attributes, stackSize)
      var thread = pthread_t()
      let status = pthread_create(&thread, &attributes, { LargeStackThread.run($0) }, work)
      pthread_attr_destroy(&attributes)
      return status
    }
  #endif

  private static func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let work else { return nil }
    Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
    return nil
  }
}
