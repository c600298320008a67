import Neural
import Screen

/// Applies a key to the search line; the selection follows each keystroke.
func update(_ state: inout State, search field: TextField, from origin: Int, key: Key) {
  var field = field
  switch key {
  case .escape:
    state.focus = .screen
    state.select(row: origin)
    return
  case .enter:
    state.focus = .screen
    if field.isEmpty {
      searchAgain(&state, by: 1)
      return
    }
    state.searchTerm = field.text
    let found = matches(field.text, state)
    if found.isEmpty {
      state.select(row: origin)
      state.fail("no layer matches \(field.text)")
    } else {
      state.note(
        "\(found.count) of \(state.document.layout.count) layers match: n next, N previous")
    }
    return
  case .backspace where field.isEmpty:
    state.focus = .screen
    return
  default:
    guard field.handle(key) else { break }
    let found = matches(field.text, state)
    state.select(row: found.first { $0 >= origin } ?? found.first ?? origin)
  }
  state.focus = .search(field, from: origin)
}

/// Selects the next or the previous layer that matches.
func searchAgain(_ state: inout State, by offset: Int) {
  guard !state.searchTerm.isEmpty else {
    state.note("nothing to look for: / searches")
    return
  }
  let found = matches(state.searchTerm, state)
  guard !found.isEmpty else {
    state.fail("no layer matches \(state.searchTerm)")
    return
  }
  let here = state.cursor.selection
  let next =
    offset > 0
    ? found.first { $0 > here } ?? found[0]
    : found.last { $0 < here } ?? found[found.count - 1]
  state.select(row: next)
  let place = (found.firstIndex(of: next) ?? 0) + 1
  state.note("\(state.searchTerm): \(place) of \(found.count)")
}

/// How many layers match what is typed, for the end of the line.
func searchFeedback(_ term: String, _ state: State) -> String {
  let found = matches(term, state)
  guard !found.isEmpty else { return "no match" }
  return "\((found.firstIndex(of: state.cursor.selection) ?? 0) + 1) of \(found.count)"
}

/// The rows whose layer's name or class holds the term, whatever its case.
private func matches(_ term: String, _ state: State) -> [Int] {
  let term = term.lowercased()
  guard !term.isEmpty else { return [] }
  return state.document.layout.places.indices.filter { index in
    guard let layer = state.model.layer(of: state.document.layout.places[index].node) else {
      return false
    }
    return layer.label(in: state.model).lowercased().contains(term)
      || layer.className.lowercased().contains(term)
  }
}
