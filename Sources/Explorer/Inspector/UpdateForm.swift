import Neural
import Screen

/// Applies a key to the form.
func update(_ state: inout State, form: SettingsForm, key: Key) -> [Effect] {
  var form = form
  let rows = form.rows(in: state.model)
  switch key {
  case .escape:
    // The typed value goes; what was accepted in other fields stays.
    state.document.preview(form.before)
    state.focus = .screen
    return []
  case .enter:
    guard accept(&form, &state) else { break }
    state.focus = .screen
    return []
  case .control("s"):
    guard accept(&form, &state) else { break }
    state.focus = .form(form)
    return save(&state)
  case .up, .backTab: move(&form, &state, to: form.cursor.selection - 1, of: rows.count)
  case .down, .tab: move(&form, &state, to: form.cursor.selection + 1, of: rows.count)
  case .pageUp: move(&form, &state, to: 0, of: rows.count)
  case .pageDown: move(&form, &state, to: rows.count - 1, of: rows.count)
  case .left where isStepped(form, rows): step(&form, &state, by: -1)
  case .right where isStepped(form, rows): step(&form, &state, by: 1)
  case .character(" ") where isStepped(form, rows): step(&form, &state, by: 1)
  case .control("r"): state.note("enter or esc first: then u and ctrl-r go through the steps")
  default: type(&form, &state, key)
  }
  state.focus = .form(form)
  return []
}

/// Whether the field holds one of a few values, to be stepped through.
private func isStepped(_ form: SettingsForm, _ rows: [SettingsForm.Row]) -> Bool {
  guard rows.indices.contains(form.cursor.selection) else { return false }
  let row = rows[form.cursor.selection]
  return !row.choices.isEmpty && (form.isFresh || row.choices.contains(form.field.text))
}

private func step(_ form: inout SettingsForm, _ state: inout State, by offset: Int) {
  guard let choices = form.row(in: state.model)?.choices, !choices.isEmpty else { return }
  let now = choices.firstIndex(of: form.field.text)
  let next = now.map { ($0 + offset + choices.count) % choices.count } ?? 0
  form.field = TextField(choices[next])
  form.isFresh = true
  preview(&form, &state)
}

private func type(_ form: inout SettingsForm, _ state: inout State, _ key: Key) {
  if form.isFresh {
    switch key {
    case .character, .backspace, .delete: form.field = TextField()
    default: break
    }
  }
  let text = form.field.text
  guard form.field.handle(key) || text.isEmpty else { return }
  form.isFresh = false
  preview(&form, &state)
}

/// Pastes into the edited field.
func paste(_ text: String, into form: SettingsForm, _ state: inout State) {
  var form = form
  if form.isFresh { form.field = TextField() }
  form.field.insert(text)
  form.isFresh = false
  preview(&form, &state)
  state.focus = .form(form)
}

/// Shows everything with the value that is typed, where it is accepted.
private func preview(_ form: inout SettingsForm, _ state: inout State) {
  do throws(SettingError) {
    let next = try form.edited(form.before)
    form.problem = nil
    state.document.preview(next)
  } catch {
    form.problem = error.message
    state.document.preview(form.before)
  }
}

/// Makes one step of undo of the edited field.
///
/// - Returns: whether the value was accepted.
private func accept(_ form: inout SettingsForm, _ state: inout State) -> Bool {
  guard form.problem == nil else {
    state.fail(form.problem ?? "")
    return false
  }
  let label = form.row(in: state.model)?.label ?? "setting"
  state.document.commitPreview(
    from: form.before, "change of \(label)", selection: state.selectedNode)
  if form.before != state.model {
    state.done("\(label) is \(form.row(in: state.model)?.text ?? "")")
  }
  form.before = state.model
  return true
}

/// Goes to a row of the form, where the value that is typed is accepted.
func select(row: Int, of form: SettingsForm, _ state: inout State) {
  var form = form
  move(&form, &state, to: row, of: form.rows(in: state.model).count)
  state.focus = .form(form)
}

private func move(_ form: inout SettingsForm, _ state: inout State, to row: Int, of count: Int) {
  guard accept(&form, &state) else { return }
  let height = max(SettingsForm.listHeight(in: state.stackFrame.inspectorOrBody.inset()), 1)
  form.cursor.select(min(max(row, 0), count - 1), count: count, height: height)
  form.load(from: state.model)
}
