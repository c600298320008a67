import Neural
import OrderedCollections

/// What an optimizer had noted, in a file of Keras 2's format.
///
/// Keras 3 itself does not take it up again: it looks for the model's own weights instead of
/// those of its layers (`load_model_from_hdf5` in `keras/src/legacy/saving/legacy_h5_format.py`).
enum LegacyOptimizer {
  /// Where its variables stand.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - compile: how the model is trained, as Keras 3 says it.
  /// - Returns: them in the order of Keras 3's `optimizer.variables`; none where the file has none.
  static func variables(of file: LegacyFile, compiledAs compile: ConfigValue?) -> [StoredVariable] {
    let group = file.optimizerWeights
    let numeric = group.paths.allSatisfy { file.index.arrays[$0]?.isNumeric ?? false }
    guard numeric, !group.paths.isEmpty else { return [] }
    guard !file.isKeras3 else {
      return zip(group.weights, group.paths).map { StoredVariable(name: $0, path: $1) }
    }
    return former(group, file.index, compile?["optimizer"] ?? .null)
  }

  /// What an array holds: numbers of a kind for a weight.
  private struct Slot {
    /// `momentum`; `nil` where the name does not say it.
    var kind: String?
    /// `lstm_lstm_cell_kernel`.
    var weight: String
    var path: String
    var sizes: [Int]
  }

  /// The variables of Keras 2, which did not list the learning rate.
  private static func former(
    _ group: LegacyFile.Group, _ index: HDF5Index, _ optimizer: ConfigValue
  ) -> [StoredVariable] {
    let className = optimizer["class_name"]?.stringValue ?? ""
    let name = optimizer["config"]?["name"]?.stringValue ?? snakeCase(className)
    var slots = zip(group.weights, group.paths).map { weight, path in
      slot(weight, path, index.arrays[path]?.sizes ?? [])
    }
    guard let first = slots.first, first.sizes.isEmpty else { return [] }
    slots.removeFirst()
    // Without AMSGrad, Keras 2.1 to 2.3 kept one number for each weight in its place.
    if slots.count % 3 == 0, slots.suffix(slots.count / 3).allSatisfy({ $0.sizes == [1] }),
      slots.prefix(slots.count / 3).contains(where: { $0.sizes != [1] })
    {
      slots.removeLast(slots.count / 3)
    }
    var variables = [StoredVariable(name: "\(name)/iteration", path: first.path)]
    if let rate = optimizer["config"]?["learning_rate"]?.doubleValue {
      variables.append(
        StoredVariable(
          name: "\(name)/learning_rate", path: "", value: NativeArray(Tensor([], [Float(rate)]))))
    }
    for (number, slot) in ordered(slots, className).enumerated() {
      let word = slot.kind.map { "\(slot.weight)_\($0)" } ?? "variable_\(number)"
      variables.append(StoredVariable(name: "\(name)/\(word)", path: slot.path))
    }
    return variables
  }

  /// In Keras 3's order: momentum and velocity of each weight behind each other, where Keras 2 had
  /// those of all weights first.
  private static func ordered(_ slots: [Slot], _ className: String) -> [Slot] {
    guard ["Adam", "AdamW", "Adamax", "Nadam", "Adadelta"].contains(className) else { return slots }
    var groups = OrderedDictionary(grouping: slots) { $0.kind ?? "" }
    if groups.count == 1, slots.count % 2 == 0 {
      // Names that say nothing: what comes in halves of equal sizes are the two.
      let half = slots.count / 2
      guard slots.prefix(half).map(\.sizes) == slots.suffix(half).map(\.sizes) else { return slots }
      groups = ["0": Array(slots.prefix(half)), "1": Array(slots.suffix(half))]
    }
    guard groups.count >= 2, groups.values[0].count == groups.values[1].count else { return slots }
    let pairs = zip(groups.values[0], groups.values[1]).flatMap { [$0, $1] }
    return pairs + groups.values.dropFirst(2).flatMap { $0 }
  }

  /// Words for what is kept, as Keras 3 has them.
  private static let kinds = [
    "m": "momentum", "v": "velocity", "vhat": "velocity_hat", "rms": "velocity",
    "momentum": "momentum", "velocity": "velocity", "mg": "average_gradient",
    "average_gradient": "average_gradient", "accumulator": "accumulator",
    "accumulated_grad": "accumulated_grad", "accumulated_delta_var": "accumulated_delta_var",
    "accum_grad": "accumulated_grad", "accum_var": "accumulated_delta_var", "u": "norm",
  ]

  /// Reads a name: `Adam/m/lstm/kernel:0`, or `training/Adam/lstm/kernel/m:0` before 2.11.
  private static func slot(_ name: String, _ path: String, _ sizes: [Int]) -> Slot {
    var parts = name.split(separator: "/").map { String($0.prefix { $0 != ":" }) }
    if parts.first == "training" { parts.removeFirst() }
    if parts.count > 1 { parts.removeFirst() }
    var kind: String?
    if let word = parts.last.flatMap({ kinds[$0] }) {
      kind = word
      parts.removeLast()
    } else if let word = parts.first.flatMap({ kinds[$0] }) {
      kind = word
      parts.removeFirst()
    }
    return Slot(kind: kind, weight: parts.joined(separator: "_"), path: path, sizes: sizes)
  }
}
