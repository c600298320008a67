/// What ends the evaluation of a statement early.
enum Interruption: Error {
  /// An exception that the script may catch.
  case raised(Raised)
  /// A limit was passed, or the script asks for what no handler can answer.
  case stopped(ScriptError)
  /// `sys.exit()` and its like.
  case exit
  /// A generator has yielded all that is asked of it.
  case generatorIsFull
}

/// An exception on its way to a handler.
///
/// Not truly `Sendable`, which `Error` asks for; it never leaves the thread of the evaluation.
struct Raised: @unchecked Sendable {
  let exception: Instance
  let error: ScriptError
  /// Whether a layer or model caused it: such an error is the user's answer, whatever else the
  /// script builds.
  let isFault: Bool
}

/// What a statement leaves behind.
enum Flow {
  case next
  case leaveLoop
  case nextTurn
  case leaveFunction(Value)
}

/// Bounds on what a script may do before its evaluation is given up.
struct EvaluationLimits: Sendable {
  /// Expressions and statements evaluated.
  var steps = 5_000_000
  /// Elements of all lists, dictionaries and tuples made, an object counting as four.
  var elements = 16_000_000
  /// Calls inside calls.
  var callDepth = 200
  /// Expressions and statements inside one another, calls included.
  var nesting = 4_000
  /// Values taken from a generator.
  var generatorItems = 20_000
  /// How long the evaluation may take; `nil`: as long as it likes.
  var time: Duration? = .seconds(10)
  /// Bytes of stack; each level of nesting takes a few kilobytes of it.
  var stack = 512 << 20
}
