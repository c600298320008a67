import Neural
import Screen

/// The choice of a layer to add: what each would make here, or why it cannot stand here.
public struct LayerPicker: Sendable {
  /// Where the layer goes.
  enum Place: Hashable, Sendable {
    /// Behind a call.
    case below(NodeID)
    /// Before a call.
    case above(NodeID)
  }

  /// One candidate.
  struct Candidate: Sendable {
    /// The layer with its usual settings.
    let layer: any Layer
    /// What it would make of the inputs.
    let report: Analysis.Report?
    /// What it does, in one line.
    let summary: String

    /// Why the layer cannot stand here.
    var problem: String? {
      // Keras lets a join stand on a single input, where it does nothing.
      if layer.inputCount.upperBound > 16 { return "joins two or more towers, here is one" }
      return report?.error?.message
    }
  }

  let place: Place
  var filter = TextField()
  var cursor = ListCursor()
  let candidates: [Candidate]
  /// The candidates that match the filter, best first.
  private(set) var matches: [Int]

  /// A picker for layers on `inputs`, the shapes that the new layer would get.
  init(_ place: Place, inputs: [Shape]?) {
    self.place = place
    candidates = LayerCatalog.types.filter { $0 != InputLayer.self }.map { type in
      let layer: any Layer = type.init()
      let report = inputs.map { Analysis.Report(of: NamedLayer("", layer), on: $0) }
      return Candidate(layer: layer, report: report, summary: type.summary)
    }
    matches = Array(candidates.indices)
  }

  /// The candidate that enter would add.
  var selected: Candidate? {
    matches.indices.contains(cursor.selection) ? candidates[matches[cursor.selection]] : nil
  }

  /// Narrows the candidates to those that match what is typed.
  mutating func refilter() {
    let names = candidates.map(\.layer.className)
    matches = FuzzyMatch.rank(filter.text, among: names).map(\.place)
    cursor = ListCursor()
  }
}

/// Opens the picker below or above the selected call.
func openPicker(_ state: inout State, above: Bool) {
  let document = state.document
  if above, let node = state.selectedNode {
    guard let source = state.model.nodes[node]?.inputs.first else {
      state.fail("nothing can stand above an input: press a to add below it")
      return
    }
    let shape = document.analysis.shape(of: source)
    state.focus = .picker(LayerPicker(.above(node), inputs: shape.map { [$0] }))
    return
  }
  guard let node = state.selectedNode ?? state.model.outputs.first?.node ?? document.layout.lastNode
  else { return }
  let shape = document.analysis.shape(of: TensorRef(node))
  state.focus = .picker(LayerPicker(.below(node), inputs: shape.map { [$0] }))
}

/// Applies a key to the picker.
func update(_ state: inout State, picker: LayerPicker, key: Key) {
  var picker = picker
  let height = LayerPicker.listHeight(in: state.frame.body)
  switch key {
  case .escape:
    state.focus = .stack
    return
  case .enter:
    guard let candidate = picker.selected else { break }
    state.focus = .stack
    add(candidate.layer, at: picker.place, &state)
    return
  case .tab:
    picker.cursor.select(
      picker.cursor.selection + 1, count: picker.matches.count, height: height)
  case .backTab:
    picker.cursor.select(
      picker.cursor.selection - 1, count: picker.matches.count, height: height)
  case _
  where key != .home && key != .end
    && picker.cursor.handle(key, count: picker.matches.count, height: height, letters: false):
    break
  default:
    if picker.filter.handle(key) { picker.refilter() }
  }
  state.focus = .picker(picker)
}

/// Adds a layer and selects it.
func add(_ layer: any Layer, at place: LayerPicker.Place, _ state: inout State) {
  let name = state.model.freshName(for: layer.className)
  let named = NamedLayer(name, layer)
  insert(named, at: place, &state, "adding \(name)")
  if let report = state.selectedNode.flatMap({ state.document.analysis.reports[$0] }),
    let error = report.error
  {
    state.fail("added \(name), which does not fit here: \(error.message)")
  } else {
    let required = named.fields.first { $0.info.isRequired }
    let hint = required.map { ": e changes its \($0.info.key)" } ?? ""
    state.done("added \(name)\(hint)")
  }
}

/// Inserts a named layer and selects it.
func insert(
  _ named: NamedLayer, at place: LayerPicker.Place, _ state: inout State, _ what: String
) {
  do throws(EditError) {
    let next: (model: Model, node: NodeID)
    switch place {
    case .below(let node): next = state.model.inserting(named, below: node)
    case .above(let node): next = try state.model.inserting(named, above: node)
    }
    state.document.apply(next.model, what, selection: state.selectedNode)
    state.select(next.node)
  } catch {
    state.fail(error.message)
  }
}

extension StackLayout {
  /// The last call of the list.
  var lastNode: NodeID? { places.last?.node }
}
