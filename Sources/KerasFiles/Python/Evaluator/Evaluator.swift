import Neural

/// Walks a script's syntax tree and works out which layers and models it builds.
///
/// Nothing of the script runs in Python. What it computes from data, files or modules that we do
/// not have is *unknown* and flows on as such through operators, calls, conditions and loops; it
/// becomes an error only where a layer needs it. Where the script's path depends on an unknown:
///
/// - `if unknown:` takes the branch that builds layers, the first if both do, none if neither
///   does. Names that either branch assigns are unknown afterwards, unless they hold layers,
///   models, functions or modules.
/// - `for … in unknown:` and `while unknown:` run their body once if it builds no layers, and not
///   at all, with a warning, if it does. Names it assigns and lists it changes are unknown then.
///
/// Steps, memory, nesting and time are bounded.
///
/// A *run* (`EvaluationMode.running`) does what the script says instead: arrays have numbers,
/// random functions draw, and what is not known is an error where it matters.
final class Evaluator {
  let limits: EvaluationLimits
  /// What a run needs; `nil` while the script is only read.
  let runOptions: RunOptions?
  /// What the random functions of a run draw from.
  lazy var randomness = Randomness(seed: seed)
  /// How arrays are printed.
  var printOptions = PrintOptions()
  /// What a script that ends itself by `sys.exit(…)` leaves behind.
  var exitStatus: Int32 = 0
  /// Why calls were left out, each reason once.
  var leftOut: Set<String> = []
  /// What a person said with `--set`, by the text of the expression: it wins over the script.
  let overrides: [String: Value]
  let overridesCalls: Bool
  /// The overrides that the script asked for.
  var usedOverrides: Set<String> = []
  let globals = Frame(enclosing: nil)
  var frame: Frame
  /// Where the evaluation stands.
  var location = SourceLocation(line: 1, column: 1)
  var warnings: [ScriptWarning] = []
  var types = BuiltinTypes()
  /// The exceptions being handled, for a bare `raise`.
  var handled: [Raised] = []
  /// Set when it is not known whether the loop that runs goes on.
  var loopDoubt: Unknown?
  /// How many `try` around here catch a `NameError`.
  var nameErrorHandlers = 0
  /// The functions whose syntax was searched for layers, and what was found.
  var buildsLayersCache: [ObjectIdentifier: Bool] = [:]
  lazy var builtins: [String: Value] = makeBuiltins()
  /// Modules by dotted name.
  var modules: [String: Value] = [:]
  let keras = KerasSession()
  /// The evaluator that made the overrides, and owns what they hold.
  var overrideSource: Evaluator?
  /// The layer inside the wrapper that is being made.
  var innerLayer: LayerObject?
  /// The functions given to the Lambda that is being made.
  var lambdaSource: LambdaSource?

  private var steps = 0
  private var cells = 0
  /// How deep expressions, and calls, stand inside one another.
  typealias Depths = (nesting: Int, calls: Int)
  var depths: Depths = (0, 0)
  private var heap: [AnyObject] = []
  /// How many cells are made before the objects are looked for that nothing hangs on.
  private var sweepThreshold = 4_000_000
  private let deadline: ContinuousClock.Instant?

  init(
    limits: EvaluationLimits = EvaluationLimits(), overrides: [String: Value] = [:],
    mode: EvaluationMode = .reading
  ) {
    self.limits = limits
    switch mode {
    case .reading: runOptions = nil
    case .running(let options): runOptions = options
    }
    self.overrides = overrides
    overridesCalls = overrides.keys.contains { $0.contains { "([.".contains($0) } }
    frame = globals
    deadline = limits.time.map { ContinuousClock.now + $0 }
  }

  /// Empties every object, so that their release needs no deep recursion.
  func release() {
    for object in heap { (object as? any HeapObject)?.empty() }
    heap = []
    globals.empty()
    modules = [:]
    builtins = [:]
    handled = []
    types.release()
    keras.release()
  }

  // MARK: Bounds

  /// Counts one step.
  func step(_ count: Int = 1) throws {
    steps &+= count
    if isRunning, steps & 0x3FF < count { try checkInterruption() }
    guard let deadline, let time = limits.time else { return }
    if steps > limits.steps {
      throw stop(
        "the script is still running after \(limits.steps) steps",
        "shorten its loops, or give their results with --set NAME=VALUE")
    }
    if steps & 0x3FF < count, ContinuousClock.now > deadline {
      throw stop(
        "the script is still running after \(time)",
        "shorten its loops, or give their results with --set NAME=VALUE")
    }
  }

  /// Runs `body` one level deeper.
  func nested<Result>(_ body: () throws -> Result) throws -> Result {
    depths.nesting += 1
    defer { depths.nesting -= 1 }
    if depths.nesting > limits.nesting {
      throw stop("the script is nested too deeply here", "split the expression or the recursion")
    }
    return try body()
  }

  /// Runs the body of a call in a frame of its own.
  func inFrame<Result>(_ inner: Frame, _ body: () throws -> Result) throws -> Result {
    depths.calls += 1
    let outer = frame
    frame = inner
    defer {
      depths.calls -= 1
      frame = outer
    }
    if depths.calls > limits.callDepth {
      throw raise(
        "RecursionError", "functions call one another more than \(limits.callDepth) deep",
        remedy: "does the recursion end?")
    }
    return try body()
  }

  /// Accounts for the elements of a new container, before it is made.
  func charge(_ count: Int) throws {
    cells = cells.addingReportingOverflow(count).overflow ? .max : cells + count
    if isRunning {
      if cells > sweepThreshold { try sweep(adding: count) }
      return
    }
    if cells > limits.elements {
      throw stop(
        "the script makes more than \(limits.elements) elements of lists and texts",
        "give what it computes with --set NAME=VALUE")
    }
  }

  /// Lets go of what nothing hangs on any more, and counts what is left.
  ///
  /// Newest first: what only an object freed here held is free in turn.
  private func sweep(adding count: Int) throws {
    var kept = 0
    for index in heap.indices.reversed() {
      if isKnownUniquelyReferenced(&heap[index]) {
        (heap[index] as? any HeapObject)?.empty()
        heap[index] = emptied
      } else {
        kept += 5 + ((heap[index] as? any HeapObject)?.cellCount ?? 0)
      }
    }
    heap.removeAll { $0 === emptied }
    let total = kept.addingReportingOverflow(count)
    guard !total.overflow, total.partialValue <= limits.elements else {
      throw raise(
        "MemoryError",
        "lists and texts of more than \(limits.elements.grouped) elements do not fit in memory",
        remedy: "keep numbers in numpy arrays")
    }
    cells = kept
    sweepThreshold = max(4_000_000, kept * 2)
  }

  /// Accounts for a new text.
  func charge(text bytes: Int) throws { try charge(bytes / 16 + 1) }

  /// Keeps an object until the evaluation ends.
  @discardableResult
  func keep<Object: HeapObject>(_ object: Object) throws -> Object {
    // A frame or function with its tables takes several hundred bytes, a list about a hundred.
    try charge(object is Frame || object is Function ? 24 : 5)
    heap.append(object)
    return object
  }

  /// What stands in the heap for an object that is gone.
  private let emptied: AnyObject = ListObject([])

  // MARK: New objects

  func list(_ elements: [Value]) throws -> Value {
    try charge(elements.count)
    return .list(try keep(ListObject(elements)))
  }

  func tuple(_ elements: [Value]) throws -> Value {
    try charge(elements.count + 2)
    let tuple = TupleObject(elements)
    if tuple.depth > 500 { throw stop("tuples are nested too deeply", "use lists") }
    return .tuple(tuple)
  }

  func dict(_ pairs: [(String, Value)] = []) throws -> Value {
    try charge(pairs.count)
    return .dict(try keep(DictObject(pairs)))
  }

  func iterator(_ values: [Value]) throws -> Value {
    .iterator(try keep(IteratorObject(values)))
  }

  // MARK: Faults

  /// An exception of one of Python's own classes.
  func raise(_ type: String, _ message: String, remedy: String = "") -> Interruption {
    raise(type, message, remedy: remedy, at: location, isFault: false)
  }

  /// An exception that a layer or model causes; Python would raise a `ValueError`.
  func fault(
    _ message: String, remedy: String = "", type: String = "ValueError",
    at place: SourceLocation? = nil
  ) -> Interruption {
    raise(type, message, remedy: remedy, at: place ?? location, isFault: true)
  }

  private func raise(
    _ type: String, _ message: String, remedy: String, at place: SourceLocation, isFault: Bool
  ) -> Interruption {
    let exception = Instance(types.exception(type))
    exception.attributes["args"] = .tuple([.string(message)])
    let error = ScriptError(at: place, message, remedy: remedy)
    return .raised(Raised(exception: exception, error: error, isFault: isFault))
  }

  func stop(_ message: String, _ remedy: String) -> Interruption {
    .stopped(ScriptError(at: location, message, remedy: remedy))
  }

  func warn(_ message: String, at place: SourceLocation? = nil) {
    let warning = ScriptWarning(location: place ?? location, message: message)
    // A warning in a loop is one warning.
    guard warnings.count < 100, !warnings.contains(warning) else { return }
    warnings.append(warning)
    if isRunning { write("warning: \(warning.location): \(message)\n", to: .error) }
  }

  func unknown(_ name: String?, _ reason: String) -> Value {
    .unknown(Unknown(name, reason: reason, at: location))
  }
}

/// Something worth saying about a script that still opens.
public struct ScriptWarning: Hashable, Sendable {
  /// Where it was noticed.
  public let location: SourceLocation
  /// What was noticed, in one line.
  public let message: String

  /// Describes what was noticed.
  public init(location: SourceLocation, message: String) {
    self.location = location
    self.message = message
  }
}
