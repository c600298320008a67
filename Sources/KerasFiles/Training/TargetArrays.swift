import Neural

/// What a model should give, read from files.
public struct TargetArrays: Sendable {
  /// A tensor for each output of the model, in its order.
  public var tensors: [Tensor]
  /// The file that each of them came from.
  public var paths: [String]

  /// Reads the targets of a model.
  ///
  /// - Parameters:
  ///   - sources: files, or `NAME=FILE` for the output of that layer. Files without a name go to
  ///     the outputs that are left, in the model's order. A `.npz` gives all the outputs its arrays
  ///     are named after, or, where none is, its arrays in order; `FILE.npz:NAME` is one of them.
  ///   - model: the model.
  ///   - samples: how many samples the inputs have.
  ///   - limit: how much memory all of them may take.
  /// - Throws: `FileError` where a file cannot be read, is one too many, an output has none, or one
  ///   has not as many samples as the inputs.
  public init(
    _ sources: [String], for model: Model, samples: Int, limit: MemoryLimit = .standard
  ) throws(FileError) {
    let names = model.outputs.map { model.layer(of: $0.node)?.name ?? "?" }
    var found: [(path: String, array: ArrayFile.Member, isTable: Bool)?] = names.map { _ in nil }
    var unnamed: [(path: String, array: ArrayFile.Member, isTable: Bool)] = []
    var rest = limit
    for source in sources.map({ ArraySource($0, names: names) }) {
      let file = try source.open(limit: rest)
      rest.bytes -= file.members.reduce(0) { $0 + 4 * $1.tensor.count }
      for array in file.members {
        let one = (path: source.path, array: array, isTable: file.isTable)
        guard let name = source.input ?? array.name.flatMap({ names.contains($0) ? $0 : nil })
        else {
          unnamed.append(one)
          continue
        }
        guard let place = names.firstIndex(of: name) else {
          let near = nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
          throw FileError(
            source.path, "no output of the model is called \(name)\(near)",
            remedy: "its outputs are \(listed(names))")
        }
        guard found[place] == nil else {
          throw FileError(source.path, "the output \(name) is given twice", remedy: "leave one out")
        }
        found[place] = one
      }
    }
    for place in found.indices where found[place] == nil && !unnamed.isEmpty {
      found[place] = unnamed.removeFirst()
    }
    let count = "the model has \(names.count) \(names.count == 1 ? "output" : "outputs")"
    if let extra = unnamed.first {
      throw FileError(extra.path, "is one array too many: \(count), \(listed(names))")
    }
    (tensors, paths) = ([], [])
    let ranks = Analysis(of: model).outputShapes.map(\.rank)
    for (index, one) in found.enumerated() {
      guard let one else {
        throw FileError(
          found.lazy.compactMap { $0?.path }.last ?? "--target",
          "leaves the output \(names[index]) without an array: \(count), \(listed(names))",
          remedy: "name a file for each, in this order or as NAME=FILE")
      }
      var tensor = one.array.tensor
      // A table's rows are the timesteps of one sample where the output has a time axis.
      if one.isTable, index < ranks.count, ranks[index] == 3, samples == 1 {
        tensor = tensor.reshaped([1] + tensor.sizes)
      }
      guard let size = tensor.sizes.first else {
        throw FileError(
          one.path, "is a single number", remedy: "save a target for each sample: (samples, …)")
      }
      guard size == samples else {
        throw FileError(
          one.path, "has \(size.grouped) samples, the inputs have \(samples.grouped)",
          remedy: "every sample needs a target")
      }
      tensors.append(tensor)
      paths.append(one.path)
    }
  }
}
