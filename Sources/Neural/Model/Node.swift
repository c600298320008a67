import OrderedCollections

/// A layer of a model, whatever its name.
public struct LayerID: Hashable, Sendable {
  let number: Int
}

/// One call of a layer: a node of the model's graph.
public struct NodeID: Hashable, Sendable {
  let number: Int
}

/// One output of a node.
public struct TensorRef: Hashable, Sendable {
  /// The node that makes it.
  public var node: NodeID
  /// Which of the node's outputs it is.
  public var output: Int

  /// Output `output` of `node`.
  public init(_ node: NodeID, _ output: Int = 0) {
    self.node = node
    self.output = output
  }
}

/// One call of a layer on tensors; a layer that is shared has several.
public struct Node: Hashable, Sendable {
  /// The node.
  public let id: NodeID
  /// The layer that is called.
  public var layer: LayerID
  /// What it is called on; for recurrent layers the sequence, then the initial states.
  public var inputs: [TensorRef]
  /// The mask where the call names one (`mask=`); masks that flow by themselves are not here.
  public var mask: TensorRef?
  /// Other keyword arguments of the call, kept for saving: `training`.
  public var keywords: OrderedDictionary<String, ConfigValue> = [:]
  /// Names that Keras gave to the mask operations of this call, in order; empty where they
  /// follow from the names in the model.
  public var maskNames: [String] = []
  /// Which call of its layer Keras counts this as, from 0; `nil`: the next in the model.
  ///
  /// Calls outside the model count too.
  public var callIndex: Int?
  /// What a reader remarked on the call, a line each: an `input_shape` that is ignored.
  public var remarks: [String] = []
}
