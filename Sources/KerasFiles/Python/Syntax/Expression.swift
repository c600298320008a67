/// An expression of a script, as Python's own parser understood it.
final class Expression: Sendable {
  let location: SourceLocation
  let node: Node

  init(_ node: Node, at location: SourceLocation) {
    self.node = node
    self.location = location
  }

  enum Node: Sendable {
    case constant(Constant)
    case name(String)
    case attribute(Expression, String)
    case subscripted(Expression, Expression)
    case slice(lower: Expression?, upper: Expression?, step: Expression?)
    case call(Expression, [Argument])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case logical(isAnd: Bool, [Expression])
    case comparison(Expression, [(ComparisonOperator, Expression)])
    case conditional(test: Expression, body: Expression, otherwise: Expression)
    case lambda(Parameters, Expression)
    case tuple([Expression])
    case list([Expression])
    case set([Expression])
    /// A nil key stands for `**mapping`.
    case dict([(key: Expression?, value: Expression)])
    case comprehension(ComprehensionKind, element: Expression, value: Expression?, [Generator])
    case formatted([FormattedPart])
    case walrus(String, Expression)
    case starred(Expression)
    case yield(Expression?)
    case yieldFrom(Expression)
    case await(Expression)
  }
}

/// A literal.
enum Constant: Sendable {
  case none
  case ellipsis
  case bool(Bool)
  case int(Int)
  /// An integer that 64 bits do not hold, in decimal.
  case bigInt(String)
  case float(Double)
  case complex(String)
  case string(String)
  case bytes([UInt8])
}

/// One argument of a call.
struct Argument: Sendable {
  enum Kind: Sendable {
    case positional
    case starred
    case keyword(String)
    case doubleStarred
  }
  let kind: Kind
  let value: Expression
}

/// One `for … in … if …` of a comprehension.
struct Generator: Sendable {
  let target: Expression
  let iterable: Expression
  let conditions: [Expression]
}

enum ComprehensionKind: Sendable { case list, set, dict, generator }

/// A piece of an f-string.
enum FormattedPart: Sendable {
  case text(String)
  indirect case value(Expression, conversion: Character?, format: [FormattedPart])
}

enum UnaryOperator: String, Sendable {
  case not = "Not"
  case negative = "USub"
  case positive = "UAdd"
  case invert = "Invert"
}

enum BinaryOperator: String, Sendable {
  case add = "Add"
  case subtract = "Sub"
  case multiply = "Mult"
  case divide = "Div"
  case floorDivide = "FloorDiv"
  case modulo = "Mod"
  case power = "Pow"
  case matrixMultiply = "MatMult"
  case bitAnd = "BitAnd"
  case bitOr = "BitOr"
  case bitXor = "BitXor"
  case leftShift = "LShift"
  case rightShift = "RShift"

  /// The operator as Python writes it.
  var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .floorDivide: "//"
    case .modulo: "%"
    case .power: "**"
    case .matrixMultiply: "@"
    case .bitAnd: "&"
    case .bitOr: "|"
    case .bitXor: "^"
    case .leftShift: "<<"
    case .rightShift: ">>"
    }
  }

  /// The method a class defines for it, without the underscores.
  var method: String {
    switch self {
    case .add: "add"
    case .subtract: "sub"
    case .multiply: "mul"
    case .divide: "truediv"
    case .floorDivide: "floordiv"
    case .modulo: "mod"
    case .power: "pow"
    case .matrixMultiply: "matmul"
    case .bitAnd: "and"
    case .bitOr: "or"
    case .bitXor: "xor"
    case .leftShift: "lshift"
    case .rightShift: "rshift"
    }
  }
}

enum ComparisonOperator: String, Sendable {
  case equal = "Eq"
  case notEqual = "NotEq"
  case less = "Lt"
  case lessOrEqual = "LtE"
  case greater = "Gt"
  case greaterOrEqual = "GtE"
  case isSame = "Is"
  case isNotSame = "IsNot"
  case isIn = "In"
  case isNotIn = "NotIn"

  /// The operator as Python writes it.
  var symbol: String {
    switch self {
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .isSame: "is"
    case .isNotSame: "is not"
    case .isIn: "in"
    case .isNotIn: "not in"
    }
  }
}

/// The parameters of a function or lambda.
struct Parameters: Sendable {
  struct Parameter: Sendable {
    let name: String
    let standard: Expression?
  }
  /// Those that a positional argument may fill; the first `positionalOnly` by nothing else.
  let positional: [Parameter]
  let positionalOnly: Int
  let variadic: String?
  let keywordOnly: [Parameter]
  let keywordVariadic: String?
}
