/// An operation on two or three operands, number by number: `x + y`, `x > 0`, `where(c, x, y)`.
///
/// Shapes broadcast.
///
/// Source: `keras/src/ops/numpy.py`.
package struct ElementwiseOperation: OperandOperation {
  package static let className = "ElementwiseOperation"
  package static let callArguments: Set = ["operands"]

  /// Which operation.
  package enum Kind: String, CaseIterable, Sendable {
    case add = "Add"
    case subtract = "Subtract"
    case multiply = "Multiply"
    case divide = "Divide"
    case divideNoNan = "DivideNoNan"
    case trueDivide = "TrueDivide"
    case floorDivide = "FloorDivide"
    case power = "Power"
    case mod = "Mod"
    case maximum = "Maximum"
    case minimum = "Minimum"
    case equal = "Equal"
    case notEqual = "NotEqual"
    case greater = "Greater"
    case greaterEqual = "GreaterEqual"
    case less = "Less"
    case lessEqual = "LessEqual"
    case logicalAnd = "LogicalAnd"
    case logicalOr = "LogicalOr"
    case logicalXor = "LogicalXor"
    case arctan2 = "Arctan2"
    case logaddexp = "Logaddexp"
    case hypot = "Hypot"
    case isClose = "Isclose"
    case choose = "Where"
  }

  /// Which operation.
  package var kind = Kind.add
  /// Its constants.
  package var operands = Operands()

  package init() {}

  /// The operation `kind` on tensors.
  package init(_ kind: Kind, operands: Operands = Operands()) {
    self.kind = kind
    self.operands = operands
  }

  package static let settings: [Setting<ElementwiseOperation>] = [
    Setting("operands", \.operands, .value, help: "constants in their places, None for tensors")
  ]

  package var className: String { kind.rawValue }
  package var keepsAxes: Bool { true }
  private var arity: Int { kind == .choose ? 3 : 2 }

  package var inputCount: ClosedRange<Int> {
    let count = max(operands.tensorCount(of: arity), 1)
    return count...count
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    [try operands.shapes(inputs, count: arity, of: className).broadcast(by: className)]
  }
}
