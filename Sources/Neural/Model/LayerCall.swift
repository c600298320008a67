import OrderedCollections

/// A layer whose call names its tensors and says more than they do: `MultiHeadAttention`.
///
/// What a call says is no setting: a model keeps it with the node, and whoever looks at a node
/// asks for `NamedLayer.called(by:)`, the layer as this node calls it.
package protocol CalledLayer: Layer {
  /// The parameters of Keras' `call`, in order: `query`, `value`, `key`, ….
  static var callParameters: [String] { get }
  /// Whether the first parameter is a list of tensors, as `Attention()([query, value])` has it.
  static var listsInputs: Bool { get }
  /// What the call says; by default the inputs stand in the order of the parameters.
  var call: LayerCall { get set }
  /// The input whose mask the output has; `nil`: it has none.
  func maskedInput(of count: Int) -> Int?
  /// The inputs whose tensors have no mask any more once the layer was called.
  ///
  /// Keras' `MultiHeadAttention` takes the masks off the tensors that it is given, so that a layer
  /// that takes them later sees none.
  func inputsLosingMasks(of count: Int) -> [Int]
  /// Keras' names for the shapes that the layer was built for, in `build_config`; `nil`: one
  /// `input_shape`, a list of them where the call lists its inputs.
  func buildShapes(_ inputs: [Shape]) -> [(name: String, shape: Shape)]?
}

extension CalledLayer {
  /// The first.
  package func maskedInput(of count: Int) -> Int? { count > 0 ? 0 : nil }
  /// None.
  package func inputsLosingMasks(of count: Int) -> [Int] { [] }
  /// One `input_shape`.
  package func buildShapes(_ inputs: [Shape]) -> [(name: String, shape: Shape)]? { nil }

  /// Which input stands for a parameter of the call: `key`, or for lists `inputs.2`, `mask.0`.
  ///
  /// - Parameters:
  ///   - name: the parameter, with the place in it where it is a list.
  ///   - count: how many inputs there are.
  /// - Returns: `nil` where the call gives no tensor for it.
  package func input(_ name: String, of count: Int) -> Int? {
    let place: Int?
    if let places = call.places {
      place = places[name]
    } else if Self.listsInputs {
      place = Self.callParameters.first.flatMap { first in
        (0..<count).first { name == "\(first).\($0)" }
      }
    } else {
      place = Self.callParameters.firstIndex(of: name)
    }
    return place.flatMap { $0 < count ? $0 : nil }
  }
}

/// What a call of a layer says: which input is which argument, and all that is no tensor.
package struct LayerCall: Hashable, Sendable {
  /// For each argument that is a tensor, which input it is; `nil`: in the order of the parameters.
  package private(set) var places: [String: Int]?
  /// The other arguments: `use_causal_mask`, `return_attention_scores`, arrays.
  package private(set) var values: [String: ConfigValue] = [:]

  /// A call with tensors alone.
  package init() {}

  /// What a node's keywords say.
  ///
  /// - Parameters:
  ///   - keywords: those of the node.
  ///   - count: how many inputs it has.
  ///   - parameters: the parameters of `call`, in order.
  package init(
    _ keywords: OrderedDictionary<String, ConfigValue>, count: Int, parameters: [String]
  ) {
    guard let template = CallArgumentsTemplate(in: keywords, count: count) else {
      for (key, value) in keywords where key != CallArgumentsTemplate.key { values[key] = value }
      return
    }
    var places: [String: Int] = [:]
    var named = Array(zip(parameters, template.positional))
    for (key, value) in template.keywords { named.append((key, value)) }
    for (name, value) in named {
      if let place = CallArgumentsTemplate.index(of: value) {
        places[name] = place
      } else if let list = value.listValue,
        list.contains(where: { CallArgumentsTemplate.index(of: $0) != nil })
      {
        for (index, element) in list.enumerated() {
          places["\(name).\(index)"] = CallArgumentsTemplate.index(of: element)
        }
        // What stands between the tensors: `mask=[None, value_mask]`.
        values[name] = value
      } else {
        values[name] = value
      }
    }
    self.places = places
  }

  /// Whether the call says `name=True`.
  package func flag(_ name: String) -> Bool { values[name]?.boolValue ?? false }
}

extension NamedLayer {
  /// The layer as a node calls it: one whose call says more than its inputs knows what it says.
  package func called(by node: Node) -> NamedLayer {
    called(with: node.keywords, count: node.inputs.count)
  }

  /// The layer as a call with these keywords on `count` inputs has it.
  package func called(
    with keywords: OrderedDictionary<String, ConfigValue>, count: Int
  ) -> NamedLayer {
    guard !keywords.isEmpty, var called = layer as? any CalledLayer else { return self }
    called.call = LayerCall(
      keywords, count: count, parameters: type(of: called).callParameters)
    var result = self
    result.layer = called
    return result
  }
}

/// A layer that keeps weights in parts, where Keras has layers inside it.
package protocol PartedLayer: Layer {
  /// For each part that a weight's `owner` names, the attribute that holds it, from the layer on:
  /// `["query": "query_dense"]`, `["lstm_cell": "cell"]`, `["lstm_cell_1": "cell/cells/lstm_cell_1"]`.
  ///
  /// Files of Keras 3 name the groups of weights after the attributes.
  var partAttributes: OrderedDictionary<String, String> { get }
}
