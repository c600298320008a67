import Neural

/// Gives every call of a graph a lane and a row.
///
/// A call stands in the lane of its first input while that lane is free below it, else in a lane
/// of its own; its row is below all of its inputs. A call that only feeds a late join (an initial
/// state, say) stands right above it. A row that lines cross sideways has an empty row above it.
struct Towers {
  private let model: Model
  private let consumers: [NodeID: [NodeID]]
  private var ranks: [NodeID: Int] = [:]
  private var lanes: [NodeID: Int] = [:]
  /// For each lane the rank down to which it is taken.
  private var taken: [Int] = []
  private var pending: [(from: NodeID, to: NodeID, lane: Int)] = []
  private(set) var places: [StackLayout.Place] = []
  private(set) var edges: [StackLayout.Edge] = []

  init(_ model: Model) {
    self.model = model
    consumers = model.consumers()
  }

  mutating func arrange() {
    rank()
    placeInLanes()
    let rows = rowsOfRanks()
    for id in model.nodes.keys {
      guard let rank = ranks[id], let lane = lanes[id] else { continue }
      places.append(.init(node: id, lane: lane, row: rows[rank] ?? rank))
    }
    // Tower by tower: a stretch of a lane down to the next join, left to right.
    let joins = joinDepths(model)
    places = places.map { (depth: joins[$0.node] ?? 0, place: $0) }
      .sorted { ($0.depth, $0.place.lane, $0.place.row) < ($1.depth, $1.place.lane, $1.place.row) }
      .map(\.place)
    for line in pending {
      guard let a = ranks[line.from], let b = ranks[line.to], let from = lanes[line.from],
        let to = lanes[line.to]
      else { continue }
      edges.append(
        .init(
          lane: line.lane, fromLane: from, fromRow: rows[a] ?? a, toLane: to,
          toRow: rows[b] ?? b))
    }
  }

  /// The longest way from an input; inputs stand as low as they can.
  private mutating func rank() {
    for node in model.nodes.values {
      ranks[node.id] = (node.kerasInputs.compactMap { ranks[$0.node] }.max() ?? -1) + 1
    }
    let firstInputs = Set(model.nodes.values.compactMap { $0.inputs.first?.node })
    for node in model.nodes.values.reversed() where node.inputs.isEmpty {
      let below = (consumers[node.id] ?? []).compactMap { ranks[$0] }.min()
      if let below, !firstInputs.contains(node.id) { ranks[node.id] = max(below - 1, 0) }
    }
  }

  private mutating func placeInLanes() {
    let nodes = model.nodes.values
    // Keys are looked up once, not in every comparison.
    let order = nodes.enumerated().map { (rank: ranks[$1.id] ?? 0, place: $0) }
      .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
    for (rank, place) in order {
      lanes[nodes[place].id] = lane(for: nodes[place], rank: rank)
    }
  }

  /// The lane of a call, and the lanes on which the lines to it run.
  private mutating func lane(for node: Node, rank: Int) -> Int {
    var own: Int?
    for input in node.kerasInputs.map(\.node) {
      guard let from = lanes[input], let top = ranks[input] else { continue }
      let isLast = (consumers[input] ?? []).allSatisfy { lanes[$0] != nil || $0 == node.id }
      // The tower goes on below its input unless somebody stands there already.
      let free = taken[from] <= top || (taken[from] == top && isLast)
      if own == nil, free {
        own = from
        taken[from] = rank
        pending.append((input, node.id, from))
      } else if free {
        taken[from] = max(taken[from], rank - 1)
        pending.append((input, node.id, from))
      } else {
        let side = freeLane(from: top, to: rank)
        if own == nil {
          own = side
          taken[side] = rank
        } else {
          taken[side] = rank - 1
        }
        pending.append((input, node.id, side))
      }
    }
    let lane = own ?? freeLane(from: rank - 1, to: rank)
    taken[lane] = max(taken[lane], rank)
    return lane
  }

  /// The leftmost lane that is free from one rank down to another.
  private mutating func freeLane(from: Int, to: Int) -> Int {
    if let lane = taken.firstIndex(where: { $0 < from || $0 == -1 }) { return lane }
    taken.append(-1)
    return taken.count - 1
  }

  /// Rows: a rank into which a line comes from another lane has an empty row above it.
  private func rowsOfRanks() -> [Int: Int] {
    var needsRow: Set<Int> = []
    for line in pending {
      guard let a = ranks[line.from], let b = ranks[line.to] else { continue }
      if lanes[line.from] != line.lane { needsRow.insert(a + 1) }
      if lanes[line.to] != line.lane { needsRow.insert(b) }
    }
    var rows: [Int: Int] = [:]
    var row = 0
    for rank in 0...(ranks.values.max() ?? 0) {
      if needsRow.contains(rank) { row += 1 }
      rows[rank] = row
      row += 1
    }
    return rows
  }
}

/// How many joins stand above each call, itself counted.
private func joinDepths(_ model: Model) -> [NodeID: Int] {
  var depths: [NodeID: Int] = [:]
  for node in model.nodes.values {
    let above = node.kerasInputs.compactMap { depths[$0.node] }.max() ?? 0
    depths[node.id] = above + (node.kerasInputs.count > 1 ? 1 : 0)
  }
  return depths
}
