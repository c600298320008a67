import OrderedCollections

/// A function of a script that makes a node of the graph: `keras.ops.squeeze(x, axis=None)`.
public struct OperationFunction: Hashable, Sendable {
  /// What stands at a parameter.
  public enum Role: Hashable, Sendable {
    /// A tensor.
    case tensor
    /// A list of tensors.
    case tensors
    /// A tensor or a constant.
    case operand
    /// Any number of tensors and constants, one after the other.
    case operands
    /// The setting with this key.
    case setting(String)
    /// Something that changes no shape.
    case ignored
  }

  /// A parameter of the function.
  public struct Parameter: Hashable, Sendable {
    /// Its name in a script.
    public var name: String
    /// What stands there.
    public var role: Role
    /// Its value where the call does not say it; `nil`: the call must.
    public var defaultValue: ConfigValue?
  }

  /// The class that the call makes.
  public var className: String
  /// Whether that class is a layer of `LayerCatalog`, not an operation.
  public var makesLayer: Bool
  /// The parameters, in order.
  public var parameters: [Parameter]

  /// A function by a line such as `x, axis=None`.
  ///
  /// `x` is a tensor, `xs` a list of tensors, `x1` and `x2` tensors or constants, `*operands` any
  /// number of these; `a:x` is the parameter `a` that stands for `x`; `name:-` changes no shape; all others are settings.
  init(_ className: String, _ line: String, makesLayer: Bool = false) {
    self.className = className
    self.makesLayer = makesLayer
    var depth = 0
    let pieces = line.split(whereSeparator: { character in
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      return character == "," && depth == 0
    })
    parameters = pieces.map { piece in
      let halves = piece.split(separator: "=", maxSplits: 1)
      let names = halves[0].split(separator: ":")
      let name = OperationFunction.trimmed(names[0])
      let target = OperationFunction.trimmed(names.last ?? names[0])
      // Not a conditional with `nil`: that would be the value null.
      let written = halves.count > 1 ? OperationFunction.trimmed(halves[1]) : nil
      return Parameter(
        name: name, role: OperationFunction.role(of: target),
        defaultValue: written.map { OperationFunction.value($0) })
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    text.split(separator: " ").joined(separator: " ")
  }

  private static func role(of target: String) -> Role {
    switch target {
    case "x": .tensor
    case "xs": .tensors
    case "x1", "x2", "condition", "indices": .operand
    case "*operands": .operands
    case "-": .ignored
    default: .setting(target)
    }
  }

  private static func value(_ text: String) -> ConfigValue {
    switch text {
    case "None": .null
    case "True": .bool(true)
    case "False": .bool(false)
    default:
      if let number = Int(text) {
        .int(number)
      } else if let number = Double(text) {
        .double(number)
      } else {
        .string(text)
      }
    }
  }
}
