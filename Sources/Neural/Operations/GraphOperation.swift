import OrderedCollections

/// A node of the graph that is no layer: a call such as `keras.ops.squeeze(x, axis=2)`, `x + y`.
///
/// Its settings are the parameters of Keras' operation class; what stands in the call besides
/// the tensors (`x[:, -1]`'s key, the 2 of `x * 2`) is a setting too, named by `callArguments`.
package protocol GraphOperation: Layer {
  /// Settings that Keras writes among the arguments of the call, not in the configuration.
  static var callArguments: Set<String> { get }
}

extension GraphOperation {
  package static var isOperation: Bool { true }
  package static var callArguments: Set<String> { [] }
  package static var summary: String { "an operation between layers" }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first else { return Explanation([]) }
    let before = inputs.map(\.description).joined(separator: ", ")
    return Explanation([
      .init("Why \(output)?", ["\(snakeCase(className)) of", before])
    ])
  }
}

/// An operation on tensors and constants: `x * 2`.
package protocol OperandOperation: GraphOperation {
  /// Its constants.
  var operands: Operands { get set }
}

/// Operands of an operation in the order of its call: tensors, and constants between them.
package struct Operands: Hashable, SettingValue {
  /// A constant at each place, `null` where a tensor stands; empty: tensors everywhere.
  package var constants: [ConfigValue]
  /// Places of constants whose shape is known, not their numbers: arrays that a script loads.
  package var unknownPlaces: Set<Int> = []

  package init(_ constants: [ConfigValue] = []) { self.constants = constants }

  /// Reads a list with `null` where a tensor stands.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    guard let values = configValue.listValue else {
      throw SettingError("expected a list of operands, found \(configValue.shortDescription)")
    }
    constants = values
  }

  package var configValue: ConfigValue { .list(constants) }

  /// How many tensors stand among `count` operands.
  func tensorCount(of count: Int) -> Int {
    constants.isEmpty ? count : constants.count(where: \.isNull)
  }

  /// The shape of every operand, the tensors' taken from `inputs` in order.
  func shapes(_ inputs: [Shape], count: Int, of operation: String) throws(ShapeError) -> [Shape] {
    guard constants.isEmpty || constants.count == count,
      inputs.count == tensorCount(of: count)
    else {
      throw ShapeError("\(operation) takes \(count) operands, found \(inputs.count) inputs")
    }
    var rest = inputs[...]
    var shapes: [Shape] = []
    for place in 0..<count {
      if place < constants.count, !constants[place].isNull {
        shapes.append(Shape(sizes: constants[place].arrayShape))
      } else if let next = rest.popFirst() {
        shapes.append(next)
      }
    }
    return shapes
  }
}

extension ConfigValue {
  /// The sizes of an array as a configuration has it: nested lists, or Keras' wrapper of them;
  /// none for a single number.
  package var arrayShape: [Int?] {
    var value = self["config"]?["value"] ?? self
    var sizes: [Int?] = []
    while case .list(let elements) = value, sizes.count < 32 {
      sizes.append(elements.count)
      guard let first = elements.first else { break }
      value = first
    }
    return sizes
  }
}

extension [Shape] {
  /// The shape that all of them broadcast to: aligned at their ends, axes of 1 repeated.
  ///
  /// A free axis beside a known one is that one. Roles are those of the first shape with the
  /// most axes. Source: `broadcast_shapes` in `keras/src/ops/operation_utils.py`.
  ///
  /// - Throws: `ShapeError` where two sizes differ and neither is 1.
  func broadcast(by operation: String) throws(ShapeError) -> Shape {
    guard var result = first else { throw ShapeError("\(operation) found no input") }
    for other in dropFirst() {
      var (long, short) = (result, other)
      if other.rank > result.rank { (long, short) = (other, result) }
      let offset = long.rank - short.rank
      for (index, axis) in short.axes.enumerated() {
        let mine = long.axes[offset + index]
        switch (mine.size, axis.size) {
        case (1, let size) where size != 1:
          long.axes[offset + index].size = size
          long.axes[offset + index].parts = axis.parts
        case (nil, let size) where size != 1:
          long.axes[offset + index].size = size
        case (let size?, let otherSize?) where size != otherSize && otherSize != 1:
          throw ShapeError(
            "\(operation) cannot join \(result) and \(other)",
            remedy: "make the axes equal, or one of them 1")
        default: break
        }
      }
      result = long
    }
    return result
  }
}
