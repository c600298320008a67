import Neural
import OrderedCollections

extension Evaluator {
  /// `StackedRNNCells([LSTMCell(8), GRUCell(4)])`.
  func makeStack(_ given: inout OrderedDictionary<String, Value>) throws -> any Layer {
    guard let value = given.removeValue(forKey: "cells") else {
      throw fault("StackedRNNCells needs a list of cells", type: "TypeError")
    }
    return try stack(of: value)
  }

  /// The cell of an `RNN`: one, or of a list a stack of them.
  func cell(_ value: Value) throws -> LayerObject {
    if value.sequence != nil {
      let stack = try stack(of: value)
      return try keep(
        LayerObject(NamedLayer(keras.name(for: stack.className), stack), at: location))
    }
    if case .native(let object) = value, let layer = object as? LayerObject,
      layer.named.layer is any CellLayer
    {
      return layer
    }
    if let unknown = value.unknown { throw fault(needing: "the cell of RNN", unknown) }
    throw fault(
      "RNN walks with a cell of Keras, found '\(typeName(of: value))'",
      remedy: "use LSTMCell, GRUCell, SimpleRNNCell or a list of them",
      type: "NotImplementedError")
  }

  private func stack(of value: Value) throws -> StackedRNNCells {
    if let unknown = value.unknown { throw fault(needing: "the cells of RNN", unknown) }
    guard let elements = value.sequence, !elements.isEmpty else {
      throw fault(
        "StackedRNNCells takes a list of cells, found \(representation(of: value))",
        type: "TypeError")
    }
    return StackedRNNCells(try elements.map { try cell($0).named })
  }
}
