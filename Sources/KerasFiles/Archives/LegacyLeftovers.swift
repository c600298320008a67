import Neural

/// Where arrays of a file of Keras 2's format stand in one of Keras 3, though nobody here knows
/// how many a layer has: one of an unknown class, or one behind it, whose input has no known shape.
enum LegacyLeftovers {
  /// An array of a layer.
  struct Array {
    /// Its place among those of the layer.
    var number: Int
    /// Its name in the file: `model/dense/kernel:0`.
    var name: String
    /// Where it stands in the file.
    var path: String
  }

  /// The arrays with their places in a file of Keras 3.
  static func placed(
    _ arrays: [Array], of layer: NamedLayer, at place: WeightPaths.Place
  ) -> [StoredLeftover] {
    switch layer.layer {
    case let submodel as Submodel:
      return parts(arrays, of: submodel.model, at: place)
    case let wrapper as TimeDistributed:
      return placed(arrays, of: wrapper.inner, at: place.inside(wrapper.inner.name))
    case is Bidirectional:
      let half = arrays.count / 2
      return flat(Swift.Array(arrays.prefix(half)), at: place, in: "forward_layer/cell/", true)
        + flat(Swift.Array(arrays.dropFirst(half)), at: place, in: "backward_layer/cell/", true)
    case let rnn as RNN:
      guard let stack = rnn.inner.layer as? StackedRNNCells else {
        return flat(arrays, at: place, in: "cell/", true)
      }
      return stacked(arrays, stack.cells.map(\.className), at: place, true)
    case is any SequenceLayer: return flat(arrays, at: place, in: "cell/", true)
    case let opaque as OpaqueLayer:
      if let cells = stackedCells(opaque) { return stacked(arrays, cells, at: place) }
      return flat(arrays, at: place, in: opaque.className == "RNN" ? "cell/" : "")
    default: return flat(arrays, at: place, in: "", true)
    }
  }

  /// The classes of the cells of an `RNN` that has several on each other.
  private static func stackedCells(_ layer: OpaqueLayer) -> [String]? {
    guard layer.className == "RNN", let cell = layer.original["config"]?["cell"],
      cell["class_name"] == "StackedRNNCells"
    else { return nil }
    return cell["config"]?["cells"]?.listValue?.compactMap { $0["class_name"]?.stringValue }
  }

  /// The arrays of cells on each other; what they have in common in their names tells them apart.
  private static func stacked(
    _ arrays: [Array], _ cells: [String], at place: WeightPaths.Place, _ isWeight: Bool = false
  ) -> [StoredLeftover] {
    var parts: [[Array]] = []
    func cell(_ array: Array) -> [Substring] { array.name.split(separator: "/").dropLast() }
    for array in arrays {
      if let last = parts.last?.last, cell(last) == cell(array) {
        parts[parts.count - 1].append(array)
      } else {
        parts.append([array])
      }
    }
    guard parts.count == cells.count else {
      return flat(arrays, at: place, in: "cell/", isWeight)
    }
    var counts: [String: Int] = [:]
    return zip(parts, cells).flatMap { part, className in
      let name = snakeCase(className)
      let count = counts[name, default: 0]
      counts[name] = count + 1
      let group = count == 0 ? name : "\(name)_\(count)"
      return flat(part, at: place, in: "cell/cells/\(group)/", isWeight)
    }
  }

  /// The arrays as variables of one object.
  static func flat(
    _ arrays: [Array], at place: WeightPaths.Place, in part: String = "", _ isWeight: Bool = false
  ) -> [StoredLeftover] {
    arrays.enumerated().map { index, array in
      StoredLeftover(
        place: place, path: "\(part)vars/\(index)", source: array.path, isWeight: isWeight,
        number: array.number)
    }
  }

  /// The arrays of a model's layers, which their names tell apart.
  private static func parts(
    _ arrays: [Array], of model: Model, at place: WeightPaths.Place
  ) -> [StoredLeftover] {
    var parts: [LayerID: [Array]] = [:]
    let layers = Dictionary(model.layers.map { ($0.value.name, $0.key) }) { first, _ in first }
    for array in arrays {
      let names = array.name.split(separator: "/").dropLast().map(String.init)
      // A model's name may be a layer's, too: what stands nearer to the array counts.
      guard let layer = names.reversed().lazy.compactMap({ layers[$0] }).first else {
        return flat(arrays, at: place)
      }
      parts[layer, default: []].append(array)
    }
    return model.layers.flatMap { id, layer in
      placed(parts[id] ?? [], of: layer, at: place.inside(layer.name))
    }
  }
}
