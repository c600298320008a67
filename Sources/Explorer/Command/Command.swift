import Neural
import Screen

/// The commands behind `:`.
enum Command {
  /// What is known of a command: drives help and completion.
  struct Description {
    var names: [String]
    var usage: String
    var help: String
  }

  static let all: [Description] =
    [
      .init(names: ["w", "write"], usage: ":w [FILE]", help: "save, as .keras, .h5, .json or .py"),
      .init(names: ["w!"], usage: ":w! [FILE]", help: "save over a file, whatever is in it"),
      .init(names: ["q", "quit"], usage: ":q", help: "quit"),
      .init(names: ["q!"], usage: ":q!", help: "quit without saving"),
      .init(names: ["wq", "x"], usage: ":wq", help: "save and quit"),
      .init(
        names: ["e", "edit"], usage: ":e FILE",
        help: "open a .py, .json, .keras or .h5; --set NAME=VALUE answers a script"),
      .init(names: ["e!"], usage: ":e! FILE", help: "open a file, unsaved changes are lost"),
      .init(
        names: ["set"], usage: ":set NAME VALUE", help: "timesteps, batch …, a setting, or epochs …"
      ),
      .init(names: ["add"], usage: ":add LAYER", help: "add a layer below the selected one"),
      .init(
        names: ["weight"], usage: ":weight [NAME]",
        help: "a weight of the selected layer as a map of its numbers"),
      .init(names: ["model"], usage: ":model NAME", help: "show another model of the file"),
      .init(names: ["name"], usage: ":name NAME", help: "name the model"),
      .init(names: ["undo"], usage: ":undo", help: "take back the last change"),
      .init(names: ["redo"], usage: ":redo", help: "make it again"),
      .init(names: ["help"], usage: ":help", help: "the keys of this screen"),
    ] + run + train

  /// The inputs' axes that `:set` knows.
  static let axes: [String: AxisRole] = [
    "batch": .batch, "timesteps": .time, "features": .features, "height": .height,
    "width": .width, "channels": .channels,
  ]

  /// Carries out a command.
  static func run(_ text: String, _ state: inout State) -> [Effect] {
    let name = String(text.prefix { $0 != " " })
    let argument = String(text.dropFirst(name.count)).trimmingBlanks
    switch name {
    case "w", "write", "w!": return write(argument, overwrite: name == "w!", &state)
    case "wq", "x":
      return argument.isEmpty
        ? save(&state, thenQuit: true)
        : [.save(state.model, path: argument, overwrite: false, thenQuit: true)]
    case "q", "quit": return quit(&state)
    case "q!": return [.quit]
    case "e", "edit", "e!": return open(argument, force: name == "e!", &state)
    case "set": set(argument, &state)
    case "add": addLayer(argument, &state)
    case "weight": showWeight(argument, &state)
    case "model": show(argument, &state)
    case "name": rename(argument, &state)
    case "undo", "u": undo(&state)
    case "redo": redo(&state)
    case "help", "h": state.focus = .help(0)
    default:
      if runCommand(name, argument, &state) || trainCommand(name, argument, &state) { return [] }
      let near = nearest(to: name, in: all.flatMap(\.names))
      state.fail(
        "no command is called :\(name)"
          + (near.map { "; did you mean :\($0)?" } ?? "; tab lists them"))
    }
    return []
  }

  private static func write(_ path: String, overwrite: Bool, _ state: inout State) -> [Effect] {
    guard !path.isEmpty else {
      guard overwrite, let path = state.document.path else { return save(&state) }
      return [.save(state.model, path: path, overwrite: true, thenQuit: false)]
    }
    return [.save(state.model, path: path, overwrite: overwrite, thenQuit: false)]
  }

  private static func open(_ path: String, force: Bool, _ state: inout State) -> [Effect] {
    guard !path.isEmpty else {
      state.fail("name the file: :e model.json")
      return []
    }
    guard force || !state.documents.contains(where: \.isModified) else {
      state.fail("unsaved changes: :w saves them, :e! \(path) loses them")
      return []
    }
    // What a script leaves open is answered as on the command line: :e FILE --set NAME=VALUE.
    let parts = path.split(separator: " --set ").map { String($0).trimmingBlanks }
    return [.open(path: parts[0], settings: Array(parts.dropFirst()))]
  }

  /// `:set timesteps 12`, or a setting of the selected layer.
  private static func set(_ argument: String, _ state: inout State) {
    let separators: Set<Character> = [" ", "="]
    guard let end = argument.firstIndex(where: { separators.contains($0) }) else {
      state.fail("say what to set: :set timesteps 12")
      return
    }
    let key = String(argument[..<end])
    let text = String(argument[end...].drop { separators.contains($0) })
    if isTrainSetting(key, state) {
      setTraining(key, text, &state)
    } else if let role = axes[key] {
      setAxis(key, role, text, &state)
    } else {
      setSetting(key, text, &state)
    }
  }

  static func setAxis(
    _ key: String, _ role: AxisRole, _ text: String, _ state: inout State
  ) {
    let value = SettingText.value(of: text, kind: .value)
    let size: Int?
    switch value {
    case .null: size = nil
    case .string("free"), .string("any"): size = nil
    default:
      guard let number = value.intValue, (1...largestSize).contains(number) else {
        state.fail("\(key): expected a whole number from 1, or None, found \(text)")
        return
      }
      size = number
    }
    do throws(EditError) {
      let next = try state.model.settingInputAxis(role, to: size)
      state.document.apply(
        next, "setting \(role.rawValue) of the input", selection: state.selectedNode)
      let shape = next.inputs.first.flatMap { state.document.analysis.shape(of: $0) }
      state.done("the input is \(shape.map(\.description) ?? "?")")
    } catch {
      state.fail("\(error.message); e on the input edits its shape")
    }
  }

  private static func setSetting(_ key: String, _ text: String, _ state: inout State) {
    guard let selected = state.selectedLayer else {
      state.fail("select the layer whose \(key) to set")
      return
    }
    let fields = selected.layer.fields
    guard let field = fields.first(where: { $0.label == key || $0.info.key == key }) else {
      let near = nearest(to: key, in: fields.map(\.label) + Array(axes.keys))
      state.fail(
        "\(selected.layer.name) has no setting '\(key)'"
          + (near.map { "; did you mean \($0)?" } ?? ""))
      return
    }
    do throws(SettingError) {
      let value = SettingText.value(of: text, kind: field.info.kind)
      var next = state.model
      next.replaceLayer(
        selected.id, with: try selected.layer.setting(field.info.key, at: field.path, to: value))
      state.document.apply(next, "change of \(key)", selection: state.selectedNode)
      state.done("\(key) is \(text)")
    } catch {
      state.fail(error.message)
    }
  }

  private static func addLayer(_ name: String, _ state: inout State) {
    guard let type = LayerCatalog.type(named: name) ?? typeIgnoringCase(name) else {
      let near = nearest(to: name, in: LayerCatalog.types.map { $0.className })
      state.fail(
        name.isEmpty
          ? "name the layer: :add LSTM"
          : "no layer is called \(name)" + (near.map { "; did you mean \($0)?" } ?? ""))
      return
    }
    openPicker(&state, above: false)
    guard case .picker(let picker) = state.focus else { return }
    state.focus = .screen
    guard let candidate = picker.candidates.first(where: { $0.layer.className == type.className })
    else { return }
    if let problem = candidate.problem, candidate.report == nil {
      state.fail("\(type.className) \(problem)")
    } else {
      Explorer.add(candidate.layer, at: candidate.place, &state)
    }
  }

  private static func typeIgnoringCase(_ name: String) -> (any Layer.Type)? {
    LayerCatalog.types.first { $0.className.lowercased() == name.lowercased() }
  }

  private static func show(_ name: String, _ state: inout State) {
    let names = state.documents.map { $0.label.isEmpty ? $0.model.name : $0.label }
    guard let index = names.firstIndex(of: name) else {
      state.fail(
        names.count < 2
          ? "this file has one model" : "the models are \(names.joined(separator: ", "))")
      return
    }
    state.current = index
    state.cursor = ListCursor()
    state.settle()
    state.done("showing \(name)")
  }

  /// `:weight`, `:weight kernel`, `:weight forward_lstm/kernel`.
  private static func showWeight(_ name: String, _ state: inout State) {
    guard let layer = state.selectedLayer?.layer else {
      state.fail("select the layer whose weight to show")
      return
    }
    let names = weightNames(state)
    guard !names.isEmpty else {
      state.fail("\(layer.name) has no weights")
      return
    }
    if !name.isEmpty {
      guard
        let index = names.firstIndex(of: name)
          ?? state.selectedWeights.firstIndex(where: {
            $0.name == name
          })
      else {
        let near = nearest(to: name, in: names + state.selectedWeights.map(\.name))
        state.fail(
          "\(layer.name) has no weight \(name)"
            + (near.map { "; did you mean \($0)?" } ?? "; it has \(names.joined(separator: ", "))"))
        return
      }
      state.weights.selection = index
    }
    state.screen = .stack
    openMap(&state)
  }

  /// The weights of the selected layer with the parts that own them: `forward_lstm/kernel`.
  static func weightNames(_ state: State) -> [String] {
    state.selectedWeights.map { ($0.owner + [$0.name]).joined(separator: "/") }
  }

  private static func rename(_ name: String, _ state: inout State) {
    guard !name.isEmpty, !name.contains("/") else {
      state.fail("a name of one word without a /, such as :name encoder")
      return
    }
    var next = state.model
    next.name = name
    state.document.apply(next, "naming the model", selection: state.selectedNode)
    state.done("the model is called \(name)")
  }
}
