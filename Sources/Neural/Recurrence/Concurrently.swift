import Dispatch
import VectorKernels

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
  // Small numbers are on all threads what they are on this one.
  let flushes = denormals_flush(false)
  _ = denormals_flush(flushes)
  DispatchQueue.concurrentPerform(iterations: count) { index in
    withDenormals(flushed: flushes) { body(index) }
  }
}

/// Runs `body` with numbers below 1.2e-38 taken for zeros, or not; see `denormals_flush`.
func withDenormals<Result, Failure>(
  flushed: Bool, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let before = denormals_flush(flushed)
  defer { _ = denormals_flush(before) }
  return try body()
}
