import Neural
import Screen

/// The keys of the Stack screen.
func updateStack(_ state: inout State, _ key: Key) {
  var cursor = state.cursor
  if cursor.handle(key, count: state.rowCount, height: state.listHeight) {
    state.select(row: cursor.selection)
    return
  }
  switch key {
  case .left, .right: moveToTower(&state, by: key == .left ? -1 : 1)
  case .character("a"): openPicker(&state, above: false)
  case .character("A"): openPicker(&state, above: true)
  case .enter, .character("e"): edit(&state)
  case .character("d"), .delete: remove(&state)
  case .character("y"): copy(&state)
  case .character("p"): pasteLayer(&state)
  case .character("K"): move(&state, up: true)
  case .character("J"): move(&state, up: false)
  case .character("b"): toggleBidirectional(&state)
  case .character("t"): toggleTimeDistributed(&state)
  case .character("r"): toggleReturnSequences(&state)
  case .character("m"): nextMergeMode(&state)
  default: noKey(&state, key)
  }
}

/// Gives every timestep's output, or the last one only.
func toggleReturnSequences(_ state: inout State) {
  change(
    &state, "return_sequences",
    { (layer) throws(EditError) in try layer.togglingReturnSequences() },
    say: { "return_sequences is \($0.recurrent?.sequence.returnSequences == true)" })
}

/// Joins the two directions another way.
func nextMergeMode(_ state: inout State) {
  change(
    &state, "merge_mode", { (layer) throws(EditError) in try layer.withNextMergeMode() },
    say: { "merge_mode is \(($0.layer as? Bidirectional)?.mergeMode.rawValue ?? "")" })
}

/// Selects the nearest call of a neighbouring tower.
private func moveToTower(_ state: inout State, by offset: Int) {
  let layout = state.document.layout
  guard layout.places.indices.contains(state.cursor.selection) else { return }
  let here = layout.places[state.cursor.selection]
  let others = layout.places.indices.filter {
    offset < 0 ? layout.places[$0].lane < here.lane : layout.places[$0].lane > here.lane
  }
  let best = others.min { a, b in
    func distance(_ index: Int) -> Int {
      let place = layout.places[index]
      return abs(place.row - here.row) + abs(place.lane - here.lane) * 3
    }
    return distance(a) < distance(b)
  }
  if let best { state.select(row: best) }
}

private func edit(_ state: inout State) {
  guard let selected = state.selectedLayer else {
    openPicker(&state, above: false)
    return
  }
  let form = SettingsForm(selected.id, in: state.model)
  guard form.row(in: state.model) != nil else {
    state.note("\(selected.layer.name) has no settings")
    return
  }
  state.focus = .form(form)
}

private func remove(_ state: inout State) {
  guard let node = state.selectedNode, let layer = state.selectedLayer?.layer else {
    state.note("no layer is selected: ↑ selects one")
    return
  }
  do throws(EditError) {
    let row = state.cursor.selection
    let before = state.model
    let next = try before.removing(node)
    state.document.apply(next, "deleting \(layer.name)", selection: node)
    state.clipboard = layer
    state.select(row: min(row, max(state.document.layout.count - 1, 0)))
    let loose = next.outputs.count > before.outputs.count ? next.outputs.last : nil
    let end = loose.flatMap { next.layer(of: $0.node)?.name }
    let note = end.map { "; \($0) is an output by itself now" } ?? ""
    state.done("deleted \(layer.name)\(note): u brings it back, p puts it below a layer")
  } catch {
    state.fail(error.message)
  }
}

private func copy(_ state: inout State) {
  guard let layer = state.selectedLayer?.layer else {
    state.note("no layer is selected: ↑ selects one")
    return
  }
  state.copiedNode = state.selectedNode
  if layer.layer is InputLayer {
    state.done("a on another layer can join \(layer.name) with it: Add, Concatenate …")
    return
  }
  state.clipboard = layer
  state.done("copied \(layer.name): p puts it below a layer, a can join the two")
}

private func pasteLayer(_ state: inout State) {
  guard var layer = state.clipboard else {
    state.note("nothing to paste: y copies a layer")
    return
  }
  guard let node = state.selectedNode ?? state.document.layout.lastNode else { return }
  guard !LayerPicker.isJoin(layer.layer) else {
    state.fail("\(layer.className) joins two: y on one layer, a on the other")
    return
  }
  layer.name =
    state.model.isAutomatic(layer)
    ? state.model.freshName(for: layer.className) : state.model.freshName(from: layer.name)
  insert(layer, at: .below(node), &state, "pasting \(layer.name)")
  if state.status?.kind != .error { state.done("pasted \(layer.name)") }
}

private func move(_ state: inout State, up: Bool) {
  guard let node = state.selectedNode, let layer = state.selectedLayer?.layer else {
    state.note("no layer is selected: ↑ selects one")
    return
  }
  do throws(EditError) {
    let next = up ? try state.model.movingUp(node) : try state.model.movingDown(node)
    state.document.apply(next, "moving \(layer.name)", selection: node)
    if let moved = next.nodes.values.first(where: { next.layers[$0.layer]?.name == layer.name }) {
      state.select(moved.id)
    }
    state.done("moved \(layer.name) \(up ? "up" : "down")")
  } catch {
    state.fail(error.message)
  }
}

private func toggleBidirectional(_ state: inout State) {
  toggle(&state, "bidirectional", says: ("now reads both ways", "now reads one way")) {
    (model, id) throws(EditError) in
    try model.togglingBidirectional(id)
  }
}

private func toggleTimeDistributed(_ state: inout State) {
  toggle(
    &state, "time distributed", says: ("now stands at every timestep", "sees the whole input now")
  ) { (model, id) throws(EditError) in
    try model.togglingTimeDistributed(id)
  }
}

/// Wraps or unwraps the selected layer and says which.
private func toggle(
  _ state: inout State, _ word: String, says: (wrapped: String, unwrapped: String),
  _ edit: (Model, LayerID) throws(EditError) -> Model
) {
  guard let selected = state.selectedLayer else {
    state.note("no layer is selected: ↑ selects one")
    return
  }
  do throws(EditError) {
    let next = try edit(state.model, selected.id)
    let before = state.document.analysis.parameters[selected.id]?.total
    state.document.apply(next, "change of \(word)", selection: state.selectedNode)
    guard let layer = next.layers[selected.id] else { return }
    let isWrapped = layer.layer is any WrapperLayer
    let counts = change(from: before, to: state.document.analysis.parameters[selected.id]?.total)
    state.settle()
    if let error = state.selectedNode.flatMap({ state.document.analysis.reports[$0]?.error }) {
      state.fail("\(layer.name) does not fit here: \(error)")
    } else {
      state.done("\(layer.name) \(isWrapped ? says.wrapped : says.unwrapped)\(counts)")
    }
  } catch {
    state.fail(error.message)
  }
}

/// `: 28,400 parameters, was 14,200`.
private func change(from before: Count?, to after: Count?) -> String {
  guard let after else { return "" }
  guard let before, before != after else { return ": \(after.grouped) parameters" }
  return ": \(after.grouped) parameters, was \(before.grouped)"
}

/// Changes the selected layer and says what it is now.
private func change(
  _ state: inout State, _ key: String,
  _ edit: (NamedLayer) throws(EditError) -> NamedLayer, say: (NamedLayer) -> String
) {
  guard let selected = state.selectedLayer else {
    state.note("no layer is selected: ↑ selects one")
    return
  }
  do throws(EditError) {
    let layer = try edit(selected.layer)
    var next = state.model
    next.replaceLayer(selected.id, with: layer)
    state.document.apply(next, "change of \(key)", selection: state.selectedNode)
    let shape = state.selectedNode.flatMap { state.document.analysis.reports[$0]?.outputs?.first }
    state.done(say(layer) + (shape.map { ": \($0)" } ?? ""))
  } catch {
    state.fail(error.message)
  }
}
