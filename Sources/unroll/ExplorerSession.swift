import Explorer
import KerasFiles
import Neural
import Screen
import Synchronization
import Terminal

/// Runs the explorer in a terminal: shows the state, waits, applies what happened, and carries
/// out effects as tasks that post their end back.
@MainActor
struct ExplorerSession {
  private let terminal: TerminalSession
  private let options: ModelOptions
  /// What was said of the file that was opened last.
  private var opened: ModelOptions
  private let mailbox: Mailbox
  private var state: State
  private var isOver = false
  private let clock = ContinuousClock()
  private var playback = Playback()
  private var pass: Task<Void, Never>?
  private var summary: Task<Void, Never>?
  private var reading: Task<Void, Never>?
  private let trainer: TrainingWorker

  /// A session on the models of a file, or on a new one.
  init(_ terminal: TerminalSession, _ opened: ModelFiles.Opened?, options: ModelOptions) {
    self.terminal = terminal
    self.options = options
    self.opened = options
    mailbox = Mailbox(terminal.waker)
    trainer = TrainingWorker(mailbox)
    state = State(
      documents: opened?.documents ?? [], current: opened?.current ?? 0, size: terminal.size)
    if opened == nil, let model = try? options.applied(to: state.model) {
      state.documents = [Document(model)]
    }
    for index in state.documents.indices { state.documents[index].seed = options.seed }
    state.selectWhatMatters()
    if let remark = opened?.remarks.first {
      let more = (opened?.remarks.count ?? 1) - 1
      state.status = .init(text: remark + (more > 0 ? " (and \(more) more)" : ""), kind: .note)
    }
    if let opened { mailbox.files.remember(opened.path, opened.stamp) }
  }

  /// Shows, waits and applies until the person quits or the terminal goes away.
  mutating func run() {
    while !isOver {
      var canvas = Canvas(size: terminal.size)
      view(state, into: &canvas)
      terminal.present(canvas)
      let patience = playback.milliseconds(untilStepAt: state.stepsPerSecond, now: clock.now)
      for event in terminal.nextEvents(timeout: patience) {
        apply(.input(event))
        if isOver { return }
      }
      for message in mailbox.take() { apply(message) }
      if let steps = playback.steps(at: state.stepsPerSecond, now: clock.now) {
        apply(.tick(steps: steps))
      }
    }
  }

  private mutating func apply(_ message: Message) {
    for effect in update(&state, message) { carryOut(effect) }
  }

  private mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .quit:
      isOver = true
    case .suspend:
      terminal.suspend()
      apply(.input(.resize(terminal.size)))
    case .save(let model, let path, let overwrite, let thenQuit):
      let mailbox = mailbox
      let document = state.document
      Task.detached(executorPreference: ComputingExecutor.shared) {
        mailbox.post(
          mailbox.files.save(
            model, of: document, to: path, overwrite: overwrite, thenQuit: thenQuit))
      }
    case .open(let path, let settings):
      let mailbox = mailbox
      var options = options
      options.settings += settings.filter { $0.contains("=") }
      let asked = options
      self.opened = asked
      Task.detached { mailbox.post(await mailbox.files.reopen(path, asked)) }
    case .run(let request):
      pass?.cancel()
      let mailbox = mailbox
      pass = Task.detached(executorPreference: ComputingExecutor.shared) {
        mailbox.post(RunFiles.carryOut(request))
      }
    case .summarizeWeights(let request):
      summary?.cancel()
      let mailbox = mailbox
      summary = Task.detached(executorPreference: ComputingExecutor.shared) {
        request.carryOut { mailbox.post($0) }
      }
    case .readWeight(let request):
      reading?.cancel()
      let mailbox = mailbox
      reading = Task.detached(executorPreference: ComputingExecutor.shared) {
        if let answer = request.carryOut() { mailbox.post(answer) }
      }
    case .cancelRun:
      pass?.cancel()
      pass = nil
    case .cover(let cover):
      let mailbox = mailbox
      Task.detached(executorPreference: ComputingExecutor.shared) {
        mailbox.post(cover.carryOut())
      }
    case .readTraining(let path, let model):
      let mailbox = mailbox
      let asked = opened
      Task.detached(executorPreference: ComputingExecutor.shared) {
        mailbox.post(await TrainFiles.read(path, model: model, asked))
      }
    case .prepareTraining(let request):
      let mailbox = mailbox
      Task.detached(executorPreference: ComputingExecutor.shared) {
        mailbox.post(TrainFiles.prepare(request))
      }
    case .train(let start): trainer.start(start)
    case .steerTraining(let steer): trainer.steer(steer)
    case .complete(let path):
      let mailbox = mailbox
      Task.detached { mailbox.post(.completions(for: path, ModelFiles.paths(startingWith: path))) }
    }
  }
}

/// Messages from tasks, on their way to the event loop.
final class Mailbox: Sendable {
  /// The files that were read or written, with the state they were in.
  let files = OpenFiles()
  private let messages = Mutex<[Message]>([])
  private let waker: Waker

  init(_ waker: Waker) { self.waker = waker }

  /// Leaves a message and wakes the loop.
  func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    waker.wake()
  }

  /// The messages that came since the last time.
  func take() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
