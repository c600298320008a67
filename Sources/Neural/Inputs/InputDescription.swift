/// What a model says of one of its inputs.
public struct InputDescription: Hashable, Sendable {
  /// The input layer's name.
  public var name: String
  /// Its shape, the batch axis first, the axes named as the layers behind it take them; `nil`
  /// where nobody has said what comes in.
  public var shape: Shape?
  /// The whole numbers that it takes, where an `Embedding` reads it.
  public var indices: Range<Int>?

  /// The axis along which sample inputs run: time, or the first one behind the batch.
  var walkAxis: Int? {
    guard let shape, shape.rank > 1 else { return nil }
    return shape.axes.firstIndex { $0.role == .time } ?? 1
  }

  /// Whether there is a time axis.
  var hasTime: Bool { shape?.axes.contains { $0.role == .time } ?? false }
}

/// An axis of an input that the model leaves free.
public struct FreeAxis: Hashable, Sendable {
  /// The input's name.
  public var input: String
  /// The index of the axis; 0 is the batch, which is never listed.
  public var axis: Int
  /// What the axis means.
  public var role: AxisRole
}

extension Model {
  /// What the model says of its inputs, in their order.
  public var inputDescriptions: [InputDescription] {
    let roles = InputRoles(self)
    let indices = IndexInputs(self)
    return inputs.map { input in
      let layer = layer(of: input.node)
      var description = InputDescription(name: layer?.name ?? "?")
      description.indices = indices[input.node]
      // A stack that no one gave a shape yet still tells indices from anything else.
      let sizes =
        (layer?.layer as? InputLayer)?.batchShape
        ?? (description.indices == nil ? nil : [nil, nil])
      description.shape = sizes.map { Shape(sizes: $0, roles: roles.roles(of: input.node)) }
      return description
    }
  }

  /// The axes of the inputs that any size fits: data can be made once a person has said how long
  /// they are.
  public var freeAxes: [FreeAxis] {
    inputDescriptions.flatMap { input in
      (input.shape?.axes ?? []).enumerated().dropFirst().compactMap { index, axis in
        axis.size == nil ? FreeAxis(input: input.name, axis: index, role: axis.role) : nil
      }
    }
  }
}

/// The inputs that an `Embedding` reads, and the numbers that it has rows for.
struct IndexInputs {
  private var found: [NodeID: Range<Int>] = [:]

  init(_ model: Model) {
    // The input whose numbers a node hands on unchanged.
    var carriers: [NodeID: NodeID] = [:]
    for node in model.nodes.values {
      guard let layer = model.layers[node.layer]?.layer else { continue }
      if layer is InputLayer {
        carriers[node.id] = node.id
        continue
      }
      for (place, tensor) in node.inputs.enumerated() {
        guard let input = carriers[tensor.node] else { continue }
        if let range = IndexInputs.range(of: layer, at: place) {
          found[input] = found[input].map { $0.clamped(to: range) } ?? range
        } else if place == 0, IndexInputs.handsOn(layer) {
          carriers[node.id] = input
        }
      }
    }
  }

  /// The numbers that the input at `node` takes; `nil` where they are no indices.
  subscript(node: NodeID) -> Range<Int>? { found[node] }

  private static func range(of layer: any Layer, at place: Int) -> Range<Int>? {
    switch layer {
    case let embedding as Embedding:
      // 32-bit floats hold whole numbers up to 2^24.
      let rows = min(max(embedding.inputDim, 1), 1 << 24)
      return (embedding.maskZero && rows > 1 ? 1 : 0)..<rows
    case let submodel as Submodel:
      guard place < submodel.model.inputs.count else { return nil }
      return IndexInputs(submodel.model)[submodel.model.inputs[place].node]
    case let wrapper as any WrapperLayer: return range(of: wrapper.inner.layer, at: place)
    default: return nil
    }
  }

  /// Whether what comes out is what came in, in another arrangement at most.
  private static func handsOn(_ layer: any Layer) -> Bool {
    layer.keepsAxes || layer is Reshape || layer is Flatten || layer is Permute
      || layer is RepeatVector
  }
}
