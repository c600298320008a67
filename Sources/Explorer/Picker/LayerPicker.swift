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
    /// Behind the second call, taking the first one's output too.
    case joining(NodeID, NodeID)
    /// At the top of a tower of its own.
    case newTower

    /// Whether it is before a call.
    var isAbove: Bool { if case .above = self { true } else { false } }
  }

  /// One candidate.
  struct Candidate: Sendable {
    /// The layer with its usual settings.
    let layer: any Layer
    /// What it would make of the inputs.
    let report: Analysis.Report?
    /// What it does, in one line.
    let summary: String

    /// Where it would go.
    let place: Place
    /// Why the layer cannot stand here.
    let problem: String?
  }

  /// A call whose output a join can take beside that of the selected one: the one that was copied.
  struct Partner {
    let node: NodeID
    let shape: Shape
  }

  let place: Place
  var filter = TextField()
  var cursor = ListCursor()
  let candidates: [Candidate]
  /// The candidates that match the filter, best first.
  private(set) var matches: [Int]

  /// A picker for layers on `inputs`, the shapes that the new layer would get.
  ///
  /// - Parameters:
  ///   - place: where the layer goes.
  ///   - inputs: the shapes that it would get there; `nil` where they are not known.
  ///   - partner: what a join could take besides.
  ///   - tower: the shape of a new input.
  init(_ place: Place, inputs: [Shape]?, partner: Partner? = nil, tower: [Int?]? = nil) {
    self.place = place
    // A cell stands in an RNN only.
    let types = LayerCatalog.types.filter { $0 != InputLayer.self && !($0 is any CellLayer.Type) }
    let layers: [Candidate] = types.map { type in
      let layer: any Layer = type.init()
      if layer is any CalledLayer {
        if let partner, case .below(let node) = place, let inputs {
          return Candidate(layer, on: inputs + [partner.shape], at: .joining(partner.node, node))
        }
        return Candidate(layer, on: inputs.map { $0 + $0 }, at: place)
      }
      guard LayerPicker.isJoin(layer) else { return Candidate(layer, on: inputs, at: place) }
      guard let partner, case .below(let node) = place, let inputs else {
        return Candidate(layer, at: place, problem: "joins two: y on one layer, a on the other")
      }
      return Candidate(layer, on: [partner.shape] + inputs, at: .joining(partner.node, node))
    }
    // A tower of its own is what people look for last.
    let input = Candidate(InputLayer(batchShape: tower), on: [], at: .newTower)
    candidates = layers + (place.isAbove ? [] : [input])
    matches = Array(candidates.indices)
  }

  /// Whether a layer is there to join towers; Keras lets most joins stand on one input, too.
  static func isJoin(_ layer: any Layer) -> Bool {
    layer.inputCount.upperBound > 1
      && !layer.readsOneSequence
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

extension LayerPicker.Candidate {
  /// What `layer` would make of `inputs`.
  fileprivate init(_ layer: any Layer, on inputs: [Shape]?, at place: LayerPicker.Place) {
    self.layer = layer
    self.place = place
    summary = type(of: layer).summary
    report = inputs.map { Analysis.Report(of: NamedLayer("", layer), on: $0) }
    problem = report?.error?.message
  }

  /// A layer that needs something first.
  fileprivate init(_ layer: any Layer, at place: LayerPicker.Place, problem: String) {
    self.layer = layer
    self.place = place
    self.problem = problem
    summary = type(of: layer).summary
    report = nil
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
  let input = state.model.inputs.first.flatMap { state.model.layer(of: $0.node)?.layer }
  state.focus = .picker(
    LayerPicker(
      .below(node), inputs: shape.map { [$0] }, partner: partner(of: node, state),
      tower: (input as? InputLayer)?.batchShape))
}

/// The call that was copied last, where a join below `node` could take its output.
private func partner(of node: NodeID, _ state: State) -> LayerPicker.Partner? {
  guard let copied = state.copiedNode, copied != node, state.model.nodes[copied] != nil,
    !state.model.isBelow(copied, node),
    let shape = state.document.analysis.shape(of: TensorRef(copied))
  else { return nil }
  return LayerPicker.Partner(node: copied, shape: shape)
}

/// Applies a key to the picker.
func update(_ state: inout State, picker: LayerPicker, key: Key) {
  var picker = picker
  let height = LayerPicker.listHeight(in: state.frame.body)
  switch key {
  case .escape:
    state.focus = .screen
    return
  case .enter:
    guard let candidate = picker.selected else { break }
    if let problem = candidate.problem, candidate.report == nil {
      state.fail("\(candidate.layer.className) \(problem)")
      break
    }
    state.focus = .screen
    add(candidate.layer, at: candidate.place, &state)
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
    case .joining(let first, let second): next = try state.model.joining(named, first, second)
    case .newTower: next = state.model.addingTower(named)
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
