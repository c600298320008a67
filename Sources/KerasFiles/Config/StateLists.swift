import Neural

/// How the states of a recurrent layer stand in a call: one behind the other, or for a stack of
/// cells in a list for each cell.
enum StateLists {
  /// The states as Keras takes them: a single state may stand for itself.
  ///
  /// - Parameters:
  ///   - states: the states, one behind the other.
  ///   - layer: the layer that is called with them.
  /// - Returns: a state or a list.
  static func value(of states: [ConfigValue], for layer: any Layer) -> ConfigValue {
    if let parts = parts(of: layer), parts.count == states.count {
      return filled(parts, with: states[...])
    }
    return states.count == 1 && !(layer is any CellLayer) ? states[0] : .list(states)
  }

  /// The states one behind the other, where the lists they stand in are those of the layer's cells;
  /// else as they are.
  static func flat(_ value: ConfigValue, for layer: any Layer) -> ConfigValue {
    guard let parts = parts(of: layer), let states = flat(value, parts) else { return value }
    return .list(states)
  }

  /// How the outputs of a call on symbolic tensors stand in lists where they are not one list, with
  /// a place of `CallArgumentsTemplate` for each: `[output, [h, c], h]`; `nil` where they are.
  ///
  /// There, an `RNN` gives the only state of a cell by itself, for it goes by `state_size`; a cell
  /// that is called by itself gives a list. Source: `compute_output_shape` in
  /// `keras/src/layers/rnn/rnn.py`.
  static func outputs(of layer: any Layer, count: Int) -> ConfigValue? {
    guard count > 1 else { return nil }
    let places = (0..<count).map { CallArgumentsTemplate.place($0) }
    if let cell = layer as? any CellLayer, cell.stateStructure.count == count - 1 {
      return [places[0], filled(cell.stateStructure, with: places[1...])]
    }
    guard let parts = parts(of: layer), parts.count == count - 1,
      let states = filled(parts, with: places[1...]).listValue
    else { return nil }
    return .list([places[0]] + states.map(withoutListsOfOne))
  }

  /// For each tensor of such lists its place in Python: `[1][0]`.
  static func paths(in structure: ConfigValue, _ path: String = "") -> [(index: Int, path: String)]
  {
    if let index = CallArgumentsTemplate.index(of: structure) { return [(index, path)] }
    return (structure.listValue ?? []).enumerated().flatMap { place, element in
      paths(in: element, "\(path)[\(place)]")
    }
  }

  /// The lists of a stack of cells; `nil` where the states are one list.
  static func parts(of layer: any Layer) -> StateStructure? {
    var cell = layer as? any CellLayer
    if let rnn = layer as? RNN { cell = rnn.cell }
    guard let structure = cell?.stateStructure, case .stack = structure else { return nil }
    return structure
  }

  private static func withoutListsOfOne(_ states: ConfigValue) -> ConfigValue {
    guard let list = states.listValue else { return states }
    if list.count == 1, list[0].listValue == nil { return list[0] }
    return .list(list.map(withoutListsOfOne))
  }

  private static func filled(
    _ structure: StateStructure, with states: ArraySlice<ConfigValue>
  ) -> ConfigValue {
    guard case .stack(let parts) = structure else { return .list(Array(states)) }
    var rest = states
    return .list(
      parts.map { part in
        defer { rest = rest.dropFirst(part.count) }
        return filled(part, with: rest.prefix(part.count))
      })
  }

  private static func flat(_ value: ConfigValue, _ structure: StateStructure) -> [ConfigValue]? {
    guard let list = value.listValue else { return nil }
    guard case .stack(let parts) = structure else {
      return list.count == structure.count && list.allSatisfy { $0.listValue == nil } ? list : nil
    }
    guard list.count == parts.count else { return nil }
    var result: [ConfigValue] = []
    for (element, part) in zip(list, parts) {
      guard let states = flat(element, part) else { return nil }
      result += states
    }
    return result
  }
}
