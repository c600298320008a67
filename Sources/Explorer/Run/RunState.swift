import Neural
import Screen

/// What the Run screen knows: what is run, what came of it, and where the playhead stands.
///
/// Positions are kept as they were set and brought inside where they are used: an edit that is
/// undone finds the playhead where it was.
public struct RunState: Sendable {
  /// What the model is run on.
  var input = RunInput.sample(.sine)
  /// A text or files that were given: `i` comes back to them.
  var ownInput: RunInput?
  /// The size of axes that the model leaves free, once it was asked for.
  var length: Int?
  /// Where the clock stands.
  var s = 0
  /// The unit that lanes and inspector show.
  var unit = 0
  /// The feature of the input that is shown.
  var feature = 0
  /// The sample that is shown.
  var sample = 0
  /// Which recurrent layer of a call that holds several.
  var part = 0
  /// Whether the inspector follows the backward direction.
  var isBackward = false
  /// How close the timesteps are looked at.
  var zoom = Zoom.whole
  /// Whether timesteps follow each other by themselves.
  var isPlaying = false
  /// Whether the next opening of the screen plays from the start.
  var startsPlaying = false
  /// Steps a second.
  var speed = 4
  /// How the newest request went.
  var phase = Phase.idle
  /// What the newest request was for.
  var requested: Subject?
  /// The last result; out of date while another run is under way.
  var result: RunResult?
  /// Recordings whose window was moved.
  var moved: [RunSource: LayerRecording] = [:]
  /// The timesteps that were asked for last.
  var covering: (source: RunSource, range: Range<Int>)?
  private(set) var lastNumber = 0
  private var attempt = 0

  /// How the newest request went.
  enum Phase: Sendable {
    /// There was none.
    case idle
    /// It is under way.
    case running
    /// There is a result.
    case done
    /// It could not be carried out.
    case failed(PassError)
    /// A person stopped it.
    case stopped
  }

  /// What decides a run's numbers: equal subjects need no second run.
  struct Subject: Hashable, Sendable {
    var document: Int
    var revision: Int
    var version: Int
    var seed: UInt64
    var input: RunInput
    var length: Int?
    var attempt: Int
  }

  /// Speeds in steps a second.
  static let speeds = [1, 2, 4, 8, 15, 30, 60, 120, 250, 500, 1000, 5000, 20_000]

  /// Nothing was run.
  public init() {}

  /// The same wishes for another model, and no result.
  var forAnotherModel: RunState {
    var next = RunState()
    next.lastNumber = lastNumber
    next.speed = speed
    if case .files = input {} else { next.input = input }
    return next
  }

  /// Whether what is shown is what was asked for.
  var isCurrent: Bool { if case .done = phase { true } else { false } }

  /// The number of a new request.
  mutating func begin(_ subject: Subject) -> Int {
    requested = subject
    lastNumber += 1
    phase = .running
    covering = nil
    return lastNumber
  }

  /// What decides the numbers of a run of a document now.
  func subject(document: Int, _ value: Document) -> Subject {
    Subject(
      document: document, revision: value.revision, version: value.version, seed: value.seed,
      input: input,
      length: value.model.hasFreeAxes && !input.hasLength ? length : nil, attempt: attempt)
  }

  /// Asks for another run of the same.
  mutating func tryAgain() { attempt += 1 }

  /// Takes a result, where it is the newest.
  ///
  /// - Returns: whether it is.
  mutating func take(_ result: RunResult) -> Bool {
    guard result.request.number == lastNumber, case .running = phase else { return false }
    self.result = result
    phase = .done
    moved = [:]
    return true
  }

  /// Notes that a run could not be carried out, where it is the newest.
  mutating func fail(_ problem: PassError, number: Int) {
    guard number == lastNumber, case .running = phase else { return }
    phase = .failed(problem)
    isPlaying = false
  }

  /// Takes timesteps that were computed again, where they are of the newest run.
  mutating func take(_ recording: LayerRecording, of source: RunSource, number: Int) {
    guard number == lastNumber, isCurrent else { return }
    moved[source] = recording
  }
}

/// One recurrent layer in a pass, or the layer that a call is about.
public struct RunSource: Hashable, Sendable {
  /// The call.
  public let node: NodeID
  /// Which of the recurrent layers inside.
  public let part: Int
}

/// Timesteps to compute again: a value that tells requests apart by what they are for.
public struct RunCover: Sendable {
  /// The run they are of.
  public let number: Int
  /// Whose they are.
  public let source: RunSource
  /// The timesteps.
  public let range: Range<Int>
  private let recording: LayerRecording

  init(number: Int, source: RunSource, range: Range<Int>, recording: LayerRecording) {
    (self.number, self.source, self.range) = (number, source, range)
    self.recording = recording
  }

  /// Computes them: takes as long as walking there from the nearest checkpoint.
  public func carryOut() -> Message {
    .covered(number: number, source, recording.covering(range))
  }
}

extension RunCover: Hashable {
  /// Whether both ask for the same timesteps of the same run.
  public static func == (lhs: RunCover, rhs: RunCover) -> Bool {
    lhs.number == rhs.number && lhs.source == rhs.source && lhs.range == rhs.range
  }

  /// Feeds what the request is for.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(number)
    hasher.combine(source)
    hasher.combine(range)
  }
}
