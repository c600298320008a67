import Neural
import OrderedCollections

/// What a script builds.
public struct PythonScript: Sendable {
  /// One model of a script.
  public struct ScriptModel: Sendable {
    /// The variable that holds it; `nil` where the script keeps it in none.
    public var variable: String?
    /// The model.
    public var model: Model
    /// Whether the script trains it.
    public var isFitted: Bool
    /// Whether the script compiles it.
    public var isCompiled: Bool
    /// What `compile` was given, as far as it is known: `optimizer`, `loss`, `metrics`.
    public var compileArguments: OrderedDictionary<String, ConfigValue>
    /// Where the script makes it.
    public var location: SourceLocation
  }

  /// The models, in the order in which the script makes them; at least one.
  public var models: [ScriptModel]
  /// The index of the model to show first: the last one that is trained, else the last one that
  /// is compiled, else the last that is no part of another.
  public var main: Int
  /// What is worth saying about the script.
  public var warnings: [ScriptWarning]

  /// The index of the model with this variable or name; `nil` where there is none.
  public func index(of name: String) -> Int? {
    models.lastIndex { $0.variable == name } ?? models.lastIndex { $0.model.name == name }
      ?? Int(name).flatMap { models.indices.contains($0) ? $0 : nil }
  }
}

extension PythonScript {
  /// Reads a script: Python parses it, and our evaluator works out its models; it is never run.
  ///
  /// - Parameters:
  ///   - script: The bytes of the file.
  ///   - settings: What a person says of the script's variables, as Python literals by the text
  ///     of the expression: `["lstm1_size": "50", "args.units": "64", "len(chars)": "57"]`. They
  ///     win over what the script says.
  ///   - interpreter: The Python that parses, by name or path.
  /// - Throws: `ScriptError` where the script cannot be parsed, a layer does not fit or needs
  ///   what is not known, or a bound is passed.
  public init(
    reading script: [UInt8], settings: OrderedDictionary<String, String> = [:],
    interpreter: String = "python3"
  ) async throws(ScriptError) {
    try await self.init(
      reading: script, settings: settings, interpreter: interpreter, limits: EvaluationLimits())
  }

  /// Reads a script within bounds of the caller's.
  init(
    reading script: [UInt8], settings: OrderedDictionary<String, String> = [:],
    interpreter: String = "python3", limits: EvaluationLimits
  ) async throws(ScriptError) {
    let (tree, answers) = try await Self.parsed(
      script, settings: settings, interpreter: interpreter)
    self = try await Self.onLargeStack { () throws(ScriptError) -> PythonScript in
      let statements = try SyntaxDecoder.statements(from: tree)
      return try ScriptEvaluation(statements, overrides: answers, limits: limits).script()
    }
  }

  /// The syntax tree of a script, and the literals of the settings.
  static func parsed(
    _ script: [UInt8], settings: OrderedDictionary<String, String>, interpreter: String
  ) async throws(ScriptError) -> (tree: [UInt8], answers: [(String, Expression)]) {
    let parser = PythonParser(interpreter: interpreter)
    var overrides: [(String, Expression)] = []
    for (name, literal) in settings {
      overrides.append((name, try await Self.literal(literal, for: name, parser)))
    }
    return (try await parser.tree(of: script), overrides)
  }

  /// A value given with `--set`: a Python literal, or else a text.
  private static func literal(
    _ literal: String, for name: String, _ parser: PythonParser
  ) async throws(ScriptError) -> Expression {
    guard literal.utf8.count <= 100_000 else {
      throw ScriptError(at: nil, "the value of --set \(name) is too long", remedy: "shorten it")
    }
    if let number = Int(literal) {
      return Expression(.constant(.int(number)), at: SourceLocation(line: 1, column: 1))
    }
    let text = Expression(.constant(.string(literal)), at: SourceLocation(line: 1, column: 1))
    guard let tree = try? await parser.tree(of: Array(literal.utf8)),
      let statements = try? SyntaxDecoder.statements(from: tree), statements.count == 1,
      case .expression(let expression) = statements[0].node
    else { return text }
    if case .name = expression.node { return text }
    return expression
  }

  /// Runs a recursive evaluation where there is room for it.
  static func onLargeStack<Result: Sendable>(
    _ body: @escaping @Sendable () throws(ScriptError) -> Result
  ) async throws(ScriptError) -> Result {
    let result: Swift.Result<Result, ScriptError> = await withCheckedContinuation { continuation in
      LargeStackThread.start(stackSize: EvaluationLimits().stack) {
        do throws(ScriptError) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}
