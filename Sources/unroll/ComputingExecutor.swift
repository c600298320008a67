import Dispatch

/// Runs tasks that compute for long on threads of their own.
///
/// The tasks that read files, run Python's parser and keep deadlines share as many threads as
/// there are cores: a pass that took all of them would make those late.
final class ComputingExecutor: TaskExecutor {
  static let shared = ComputingExecutor()

  private let queue = DispatchQueue(label: "unroll.computing", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
