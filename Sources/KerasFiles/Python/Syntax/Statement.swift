/// A statement of a script, as Python's own parser understood it.
final class Statement: Sendable {
  let location: SourceLocation
  let node: Node

  init(_ node: Node, at location: SourceLocation) {
    self.node = node
    self.location = location
  }

  enum Node: Sendable {
    case expression(Expression)
    case assign([Expression], Expression)
    case augmentedAssign(Expression, BinaryOperator, Expression)
    /// `target: annotation = value`; the annotation is not kept.
    case annotatedAssign(Expression, Expression?)
    case ifElse(Expression, [Statement], [Statement])
    case forIn(Expression, Expression, [Statement], otherwise: [Statement])
    case whileLoop(Expression, [Statement], otherwise: [Statement])
    case with([(context: Expression, target: Expression?)], [Statement])
    case attempt([Statement], [Handler], otherwise: [Statement], finally: [Statement])
    case raise(Expression?)
    case function(FunctionDefinition)
    case classDefinition(ClassDefinition)
    case returnValue(Expression?)
    case delete([Expression])
    case global([String])
    case nonlocal([String])
    case assert(Expression, message: Expression?)
    case importModules([Alias])
    case importFrom(module: String, level: Int, [Alias])
    case match(Expression, [MatchCase])
    case pass
    case breakLoop
    case continueLoop
  }
}

/// A `def`, or the function behind a lambda.
final class FunctionDefinition: Sendable {
  let name: String
  let parameters: Parameters
  let body: [Statement]
  let decorators: [Expression]
  let isGenerator: Bool

  init(
    name: String, parameters: Parameters, body: [Statement], decorators: [Expression],
    isGenerator: Bool
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.decorators = decorators
    self.isGenerator = isGenerator
  }
}

/// A `class`.
final class ClassDefinition: Sendable {
  let name: String
  let bases: [Argument]
  let body: [Statement]
  let decorators: [Expression]

  init(name: String, bases: [Argument], body: [Statement], decorators: [Expression]) {
    self.name = name
    self.bases = bases
    self.body = body
    self.decorators = decorators
  }
}

/// One `except`.
struct Handler: Sendable {
  let type: Expression?
  let name: String?
  let body: [Statement]
}

/// One name of an import.
struct Alias: Sendable {
  let name: String
  let asName: String?
  let location: SourceLocation
}

/// One `case`.
struct MatchCase: Sendable {
  let pattern: Pattern
  let condition: Expression?
  let body: [Statement]
}

indirect enum Pattern: Sendable {
  case value(Expression)
  case singleton(Constant)
  case sequence([Pattern])
  case star(String?)
  case mapping([(Expression, Pattern)], rest: String?)
  case instance(Expression, [Pattern], [(String, Pattern)])
  case capture(Pattern?, String?)
  case any([Pattern])
}
