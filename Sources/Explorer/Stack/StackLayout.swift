import Neural

/// Where the calls of a model stand on the Stack screen.
///
/// A chain is a list. A graph stands as towers side by side: a lane a tower, a row a depth, lines
/// where towers fork and join. Positions are lanes and rows, not columns: the view decides how
/// wide a lane is.
public struct StackLayout: Sendable {
  /// One call and where it stands.
  public struct Place: Hashable, Sendable {
    /// The call.
    public var node: NodeID
    /// Its tower, from the left.
    public var lane: Int
    /// Its row, from the top; lines between towers have rows of their own.
    public var row: Int
  }

  /// A line from the call that gives a tensor to one that takes it.
  public struct Edge: Hashable, Sendable {
    /// Where the tensor is made.
    public var from: (lane: Int, row: Int) { (fromLane, fromRow) }
    /// Where it is taken.
    public var to: (lane: Int, row: Int) { (toLane, toRow) }
    /// The lane on which the line runs down.
    public var lane: Int
    var fromLane: Int
    var fromRow: Int
    var toLane: Int
    var toRow: Int
  }

  /// The calls in the order in which the keys walk over them: tower by tower.
  public private(set) var places: [Place] = []
  /// The lines; none for a chain.
  public private(set) var edges: [Edge] = []
  /// How many lanes there are.
  public private(set) var laneCount = 1
  /// How many rows there are.
  public private(set) var rowCount = 0
  private var indices: [NodeID: Int] = [:]

  /// How many calls there are.
  public var count: Int { places.count }

  /// Whether the model is one tower.
  public var isChain: Bool { laneCount == 1 && edges.isEmpty }

  /// The call at an index; `nil` behind the last.
  public func node(at index: Int) -> NodeID? {
    places.indices.contains(index) ? places[index].node : nil
  }

  /// The index of a call.
  public func index(of node: NodeID) -> Int? { indices[node] }

  /// The layout of `model`.
  public init(_ model: Model) {
    let isChain =
      model.nodes.values.count { $0.inputs.isEmpty } <= 1
      && zip(model.nodes.values, model.nodes.values.dropFirst()).allSatisfy { before, node in
        node.inputs.map(\.node) == [before.id]
      }
    if isChain {
      for (row, node) in model.nodes.keys.enumerated() {
        places.append(Place(node: node, lane: 0, row: row))
      }
      rowCount = places.count
    } else {
      var towers = Towers(model)
      towers.arrange()
      (places, edges) = (towers.places, towers.edges)
      laneCount = (places.map(\.lane) + edges.map(\.lane)).max().map { $0 + 1 } ?? 1
      rowCount = (places.map(\.row).max() ?? -1) + 1
    }
    for (index, place) in places.enumerated() { indices[place.node] = index }
  }
}
