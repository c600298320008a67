import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How many processors there are to share work.
let processorCount = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)

/// Runs `body` for 0 ..< `count`, on several threads where there is more than one to run.
///
/// The calling thread takes part, so that it is safe inside tasks: where all threads are busy the
/// caller does everything. Idle threads sleep.
func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
  guard count > 1, processorCount > 1 else {
    for index in 0..<max(count, 0) { body(index) }
    return
  }
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}
