import Explorer
import Neural
import Synchronization

/// Trains on a thread of its own and tells how it goes, a few times a second at most.
///
/// While nothing is trained no task exists: a paused training is a value that waits here.
final class TrainingWorker: Sendable {
  private let mailbox: Mailbox
  private let course = Mutex(Course())

  /// What is trained, and what is wanted of it.
  private struct Course {
    /// The training, while no task has it.
    var run: TrainingRun?
    var wish = TrainSteer.pause
    /// The task that has the training; another number than its own tells it that nobody waits.
    var task: Task<Void, Never>?
    var number = 0
  }

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// Begins a training, or goes on where the last one ended.
  func start(_ start: TrainStart) {
    let wish = start.isOneBatch ? TrainSteer.oneBatch : .run
    let before: TrainingRun? = course.withLock { course in
      course.task?.cancel()
      defer { course.run = nil }
      course.number = start.number
      course.wish = wish
      return course.run
    }
    let mailbox = mailbox
    let task = Task.detached(executorPreference: ComputingExecutor.shared) { [self] in
      do throws(PassError) {
        var run: TrainingRun
        if start.goesOn, let before {
          run = before
          try run.goOn(number: start.number, plan: start.plan)
        } else {
          run = try TrainingRun(
            number: start.number, plan: start.plan, weights: start.weights, stored: start.stored)
        }
        carryOut(run, number: start.number)
      } catch {
        mailbox.post(.training(.failed(number: start.number, error)))
      }
    }
    course.withLock { if $0.number == start.number { $0.task = task } }
  }

  /// Tells the training what to do.
  func steer(_ steer: TrainSteer) {
    let waiting: TrainingRun? = course.withLock { course in
      course.wish = steer
      if steer == .drop {
        course.task?.cancel()
        (course.run, course.task, course.number) = (nil, nil, 0)
      }
      // A task that has the training sees the wish; else one is needed to carry it out.
      defer { course.run = nil }
      return course.run
    }
    guard let waiting else { return }
    guard steer != .pause else {
      course.withLock { $0.run = waiting }
      return
    }
    let task = Task.detached(executorPreference: ComputingExecutor.shared) { [self] in
      carryOut(waiting, number: waiting.number)
    }
    course.withLock { if $0.number == waiting.number { $0.task = task } }
  }

  // MARK: On a thread of its own

  private func carryOut(_ training: TrainingRun, number: Int) {
    var run = training
    var teller = Teller(mailbox)
    do throws(PassError) {
      while true {
        let wish = course.withLock { $0.number == number ? $0.wish : .drop }
        switch wish {
        case .drop: return
        case .run where !run.isOver:
          try run.advance()
          teller.tell(&run, .training, isLast: false)
        case .oneBatch where !run.isOver:
          try run.advanceOneBatch()
          // A wish of meanwhile is the newer one.
          course.withLock { if $0.wish == .oneBatch { $0.wish = .pause } }
        case .run, .oneBatch: return rest(run, number, .done)
        case .pause:
          if rests(run, number, .paused, &teller) { return }
        case .stop: return rest(run, number, .stopped)
        }
      }
    } catch {
      // A training that nobody waits for is stopped in the middle of a pass.
      guard course.withLock({ $0.number == number }) else { return }
      mailbox.post(.training(run.report(.failed(error))))
    }
  }

  /// Leaves the training to wait, unless something else is wanted by now.
  private func rests(
    _ run: TrainingRun, _ number: Int, _ activity: TrainReport.Activity, _ teller: inout Teller
  ) -> Bool {
    var run = run
    teller.tell(&run, activity, isLast: true)
    return course.withLock { course in
      guard course.number == number else { return true }
      guard course.wish == .pause else { return false }
      (course.run, course.task) = (run, nil)
      return true
    }
  }

  /// Leaves the training to wait and hands its weights over.
  private func rest(_ run: TrainingRun, _ number: Int, _ activity: TrainReport.Activity) {
    var run = run
    var teller = Teller(mailbox)
    let isWanted = course.withLock { course in
      guard course.number == number else { return false }
      course.wish = .pause
      (course.run, course.task) = (run, nil)
      return true
    }
    guard isWanted else { return }
    teller.tell(&run, activity, isLast: true)
    if let outcome = run.outcome { mailbox.post(.trained(outcome)) }
  }
}

/// Tells how a training stands, but not more often than a person can see.
private struct Teller {
  /// Between two reports, and between two looks at the weights, at least.
  private static let pause = (
    report: Duration.milliseconds(60), weights: Duration.milliseconds(250)
  )
  private let mailbox: Mailbox
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant
  private var nextWeights: ContinuousClock.Instant

  init(_ mailbox: Mailbox) {
    self.mailbox = mailbox
    (next, nextWeights) = (clock.now, clock.now)
  }

  mutating func tell(_ run: inout TrainingRun, _ activity: TrainReport.Activity, isLast: Bool) {
    let now = clock.now
    guard isLast || now >= next else { return }
    next = now + Teller.pause.report
    if isLast || now >= nextWeights {
      run.measureWeights()
      // Large models: looking at the weights takes a twentieth of the time at most.
      nextWeights = now + max(Teller.pause.weights, (clock.now - now) * 20)
    }
    mailbox.post(.training(run.report(activity)))
  }
}
