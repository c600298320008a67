import Neural
import Screen

/// A weight shown as a map: which one, what of it is looked at, and how close.
struct HeatMap: Sendable {
  /// The document and the layer that the weight is of.
  let place: WeightKey.Place
  /// Which of the layer's weights it is.
  var index: Int
  /// Which of its matrices, where it has several.
  var slice = 0
  /// The number under the cursor.
  var row = 0, column = 0
  /// The row and the column at the upper left.
  var firstRow = 0, firstColumn = 0
  /// How close it is looked at.
  var zoom = HeatZoom.whole
  /// The numbers, once they were read; older ones until new ones are there.
  var plane: WeightPlane?
  /// What is being read.
  var pending: (number: Int, place: WeightPlane.Place, middle: Int)?
  /// Why it cannot be read, and what that was.
  var problem: (text: String, place: WeightPlane.Place)?

  /// The map of a weight, its cursor on the first number.
  init(_ place: WeightKey.Place, index: Int) {
    self.place = place
    self.index = index
  }

  /// Goes to another weight, seen whole, or to another of its matrices, as close as before.
  mutating func show(index: Int, slice: Int = 0) {
    if index != self.index { (row, column, firstRow, firstColumn, zoom) = (0, 0, 0, 0, .whole) }
    (self.index, self.slice) = (index, slice)
    problem = nil
  }
}

/// How close a map is looked at.
enum HeatZoom: Int, Hashable, Sendable, CaseIterable {
  /// All of it on the screen.
  case whole
  /// Between that and every number by itself.
  case half
  /// A column for each number.
  case cells
  /// Two columns for each number.
  case wide
  /// With the number beside each.
  case numbers
}

extension State {
  /// The layer whose weight the map shows.
  private var mapLayer: NamedLayer? { weights.map.flatMap { model.layers[$0.place.layer] } }

  /// The weight that the map shows.
  var mapSpec: WeightSpec? {
    guard let map = weights.map, let specs = document.analysis.weights[map.place.layer],
      specs.indices.contains(map.index)
    else { return nil }
    return specs[map.index]
  }

  /// What the weight of the map is called, and what its axes mean.
  var mapSubject: (name: WeightName, axes: WeightAxes)? {
    guard let spec = mapSpec, let layer = mapLayer else { return nil }
    let place = WeightPlace(spec, in: layer)
    return (place.name, WeightAxes(spec.name, sizes: spec.shape, of: place.layer))
  }

  /// How the map is laid out now.
  var mapGrid: HeatGrid? {
    guard let map = weights.map, let axes = mapSubject?.axes else { return nil }
    return HeatGrid(map, axes, in: HeatMapFrame(frame.body).cells)
  }
}

/// Closes the map where its weight is not there any more, or another layer was selected.
func closeMapOfAnother(_ state: inout State) {
  guard let map = state.weights.map else { return }
  let isThere =
    map.place == .init(document: state.current, layer: state.selectedLayer?.id ?? map.place.layer)
    && state.selectedLayer != nil && state.mapSpec != nil
    && state.weightKey(of: map.place.layer) != nil
  if !isThere { state.weights.map = nil }
}

/// Asks for numbers of the map that are not at hand.
func readEffects(
  _ state: inout State, _ key: WeightKey, _ numbers: WeightNumbers
) -> [Effect] {
  guard let map = state.weights.map, let axes = state.mapSubject?.axes, axes.count > 0 else {
    return []
  }
  let place = WeightPlane.Place(key: key, index: map.index, slice: map.slice)
  let middle = map.row * axes.columns + map.column
  let isKnown = map.plane?.place == place
  // Where memory is too short for all of the screen, asking again would not help.
  let isCovered = isKnown && (map.plane?.middle == middle || !state.mapMissesNumbers)
  guard !isCovered, map.problem?.place != place else { return [] }
  if let pending = map.pending, pending.place == place, !isKnown || pending.middle == middle {
    return []
  }
  let number = state.weights.nextNumber()
  state.weights.map?.pending = (number, place, middle)
  return [
    .readWeight(
      WeightReadRequest(
        number: number, place: place, axes: axes, middle: middle, numbers: numbers))
  ]
}

extension State {
  /// Whether numbers are on the screen one by one that are not at hand.
  fileprivate var mapMissesNumbers: Bool {
    guard let plane = weights.map?.plane, let grid = mapGrid, grid.showsEachNumber else {
      return false
    }
    return grid.corners.contains { plane.value($0.row, $0.column) == nil }
  }
}

/// Takes numbers that were read for the map, where they are the newest.
func take(_ plane: WeightPlane, number: Int, _ state: inout State) {
  guard state.weights.map?.pending?.number == number else { return }
  state.weights.map?.plane = plane
  state.weights.map?.pending = nil
}

/// Takes in why weights cannot be read.
func takeWeightFault(_ fault: WeightFault, number: Int, _ state: inout State) {
  if let pending = state.weights.map?.pending, pending.number == number {
    state.weights.map?.pending = nil
    state.weights.map?.problem = (fault.description, pending.place)
  }
  state.weights.finish(number: number, fault)
}
