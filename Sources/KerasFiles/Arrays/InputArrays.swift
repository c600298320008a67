import Neural

/// What a model is run on, read from files.
public struct InputArrays: Sendable {
  /// A tensor for each input of the model, in its order.
  public var tensors: [Tensor]
  /// The file that each of them came from.
  public var paths: [String]

  /// Reads the inputs of a model.
  ///
  /// - Parameters:
  ///   - sources: files, or `NAME=FILE` for the input of that name. Files without a name go to
  ///     the inputs that are left, in the model's order. A `.npz` gives all the inputs its arrays
  ///     are named after, or, where none is, its arrays in order; `FILE.npz:NAME` is one of them.
  ///   - model: the model.
  ///   - limit: how much memory all of them may take.
  /// - Throws: `FileError` where a file cannot be read, does not fit the model, or an input has
  ///   none.
  public init(
    _ sources: [String], for model: Model, limit: MemoryLimit = .standard
  ) throws(FileError) {
    let inputs = model.inputDescriptions
    var found: [(path: String, array: ArrayFile.Member, isTable: Bool)?] = inputs.map { _ in nil }
    var unnamed: [(path: String, array: ArrayFile.Member, isTable: Bool)] = []
    var rest = limit
    for source in sources.map({ ArraySource($0, names: inputs.map(\.name)) }) {
      let file = try source.open(limit: rest)
      rest.bytes -= file.members.reduce(0) { $0 + 4 * $1.tensor.count }
      let arrays = file.members.map { (path: source.path, array: $0, isTable: file.isTable) }
      if let name = source.input {
        guard let place = inputs.firstIndex(where: { $0.name == name }) else {
          throw source.unknownInput(name, inputs.map(\.name))
        }
        guard arrays.count == 1 else { throw source.severalArrays(file, inputs: 1) }
        guard found[place] == nil else {
          throw FileError(source.path, "the input \(name) is given twice", remedy: "leave one out")
        }
        found[place] = arrays[0]
        continue
      }
      let places = arrays.map { one in inputs.firstIndex { $0.name == one.array.name } }
      if arrays.count == 1 || places.allSatisfy({ $0 == nil }) {
        unnamed += arrays
        if arrays.count > inputs.count { throw source.severalArrays(file, inputs: inputs.count) }
      } else {
        for (place, one) in zip(places, arrays) where place != nil { found[place ?? 0] = one }
      }
    }
    for place in found.indices where found[place] == nil && !unnamed.isEmpty {
      found[place] = unnamed.removeFirst()
    }
    try InputArrays.check(found.map { $0?.path }, left: unnamed.map(\.path), inputs)
    (tensors, paths) = ([], [])
    for (index, one) in found.enumerated() {
      guard let one else { continue }
      let tensor =
        one.isTable
        ? try InputArrays.placed(one.array.tensor, as: inputs[index], one.path) : one.array.tensor
      do throws(PassError) {
        tensors.append(tensor.reshaped(try model.adjusted(tensor.sizes, forInput: index)))
      } catch {
        throw FileError(one.path, error.message, remedy: error.remedy)
      }
      paths.append(one.path)
    }
    try checkSamples(inputs)
  }

  /// Checks that every input has an array and every array an input.
  private static func check(
    _ found: [String?], left: [String], _ inputs: [InputDescription]
  ) throws(FileError) {
    let count = "the model takes \(inputs.count) \(inputs.count == 1 ? "input" : "inputs")"
    let list = InputArrays.described(inputs)
    if let extra = left.first {
      throw FileError(extra, "is one array too many: \(count), \(list)")
    }
    guard let missing = found.firstIndex(where: { $0 == nil }),
      let path = found.compactMap({ $0 }).last
    else { return }
    throw FileError(
      path, "leaves the input \(inputs[missing].name) without an array: \(count), \(list)",
      remedy: "name a file for each, in this order or as NAME=FILE")
  }

  /// The inputs in words: `source (None, None, 71) and target (None, None, 93)`.
  public static func described(_ inputs: [InputDescription]) -> String {
    listed(
      inputs.map { input in
        let shape = input.shape.map { Shape(sizes: [nil] + $0.sizes.dropFirst()).description }
        return "\(input.name) \(shape ?? "of any shape")"
      })
  }

  /// A table as an input: its rows are the timesteps of one sample, or samples where the input
  /// has no axis but one.
  private static func placed(
    _ table: Tensor, as input: InputDescription, _ path: String
  ) throws(FileError) -> Tensor {
    let sizes = table.sizes
    guard let shape = input.shape else { return table.reshaped([1] + sizes) }
    switch shape.rank {
    case 1 where sizes[1] == 1: return table.reshaped([sizes[0]])
    case 2: return table
    case 3: return table.reshaped([1] + sizes)
    case 4 where shape[3].size == 1: return table.reshaped([1] + sizes + [1])
    default:
      throw FileError(
        path, "is a table, the input \(input.name) has the shape \(shape)",
        remedy: "save it as .npy: numpy.save(path, x)")
    }
  }

  private func checkSamples(_ inputs: [InputDescription]) throws(FileError) {
    guard let first = tensors.first?.sizes.first else { return }
    for (index, tensor) in tensors.enumerated() where tensor.sizes[0] != first {
      throw FileError(
        paths[index],
        "has \(tensor.sizes[0].grouped) samples, \(paths[0]) has \(first.grouped)",
        remedy: "every input needs as many samples")
    }
  }
}
