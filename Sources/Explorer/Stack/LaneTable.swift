/// A graph as a table: every call has a row of its own, and lines that run sideways have rows in
/// which no call stands, so that none is drawn through a call.
struct LaneTable {
  /// The row of each call, by its index in the layout.
  private(set) var rows: [Int: Int] = [:]
  /// How many rows there are.
  private(set) var count = 0
  /// The lines between those rows.
  private(set) var edges: [StackLayout.Edge] = []

  /// The table of a layout.
  init(_ layout: StackLayout) {
    let key = { (lane: Int, row: Int) in row * layout.laneCount + lane }
    var forks: Set<Int> = []
    var joins: Set<Int> = []
    for edge in layout.edges {
      if edge.lane != edge.fromLane { forks.insert(key(edge.fromLane, edge.fromRow)) }
      if edge.lane != edge.toLane { joins.insert(key(edge.toLane, edge.toRow)) }
    }
    let order = layout.places.indices.sorted {
      let (a, b) = (layout.places[$0], layout.places[$1])
      return (a.row, a.lane) < (b.row, b.lane)
    }
    var rowOfPlace: [Int: Int] = [:]
    var isFree = true
    for index in order {
      let place = key(layout.places[index].lane, layout.places[index].row)
      if joins.contains(place), !isFree { count += 1 }
      rows[index] = count
      rowOfPlace[place] = count
      count += 1
      isFree = forks.contains(place)
      if isFree { count += 1 }
    }
    edges = layout.edges.map { edge in
      var moved = edge
      moved.fromRow = rowOfPlace[key(edge.fromLane, edge.fromRow)] ?? 0
      moved.toRow = rowOfPlace[key(edge.toLane, edge.toRow)] ?? 0
      return moved
    }
  }
}
