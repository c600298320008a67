/// Numbers of a setting: one, or lists of them in each other, as in `Rescaling([1, 2, 3])`.
package struct NumberArray: Hashable, SettingValue {
  /// The value as it was given, for files.
  package let configValue: ConfigValue
  /// The value without what NumPy adds to it: a number or lists.
  package let plain: ConfigValue
  /// The numbers.
  package let tensor: Tensor

  /// One number.
  package init(_ number: Double) {
    configValue = .double(number)
    plain = configValue
    tensor = Tensor([], [Float(number)])
  }

  /// The numbers of a tensor, as lists.
  package init(_ tensor: Tensor) {
    self.tensor = tensor
    configValue = Self.lists(of: tensor.values.map { .double(Double($0)) }, tensor.sizes[...])
    plain = configValue
  }

  /// Whether the numbers are the same, however they are written.
  package static func == (one: NumberArray, other: NumberArray) -> Bool {
    one.tensor == other.tensor
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(tensor) }

  /// Reads a number, lists, or the object that Keras writes of an array of NumPy.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    var value = configValue
    if ["__numpy__", "__tensor__"].contains(value["class_name"]?.stringValue ?? ""),
      let inner = value["config"]?["value"]
    {
      value = inner
    }
    var sizes: [Int] = []
    var first = value
    while let list = first.listValue {
      sizes.append(list.count)
      guard sizes.count <= 32, let next = list.first else { break }
      first = next
    }
    var numbers: [Float] = []
    try Self.read(value, sizes[...], into: &numbers)
    self.configValue = configValue
    plain = value
    tensor = Tensor(sizes, numbers)
  }

  private static func read(
    _ value: ConfigValue, _ sizes: ArraySlice<Int>, into numbers: inout [Float]
  ) throws(SettingError) {
    guard let size = sizes.first else {
      numbers.append(Float(try Double(configValue: value, kind: .value)))
      return
    }
    guard let list = value.listValue, list.count == size else {
      throw SettingError(
        "expected lists of equal lengths, found \(value.shortDescription)")
    }
    for element in list { try read(element, sizes.dropFirst(), into: &numbers) }
  }

  private static func lists(of values: [ConfigValue], _ sizes: ArraySlice<Int>) -> ConfigValue {
    guard let size = sizes.first else { return values.first ?? .list([]) }
    let each = size > 0 ? values.count / size : 0
    return .list(
      (0..<size).map { index in
        lists(of: Array(values[(index * each)..<((index + 1) * each)]), sizes.dropFirst())
      })
  }
}

extension Tensor {
  /// `join` applied to each number and the one that `other` has for its place.
  ///
  /// - Parameters:
  ///   - other: a tensor that is repeated along missing axes and axes of size 1.
  ///   - layer: the layer, for messages.
  ///   - join: makes the new number.
  /// - Returns: numbers of these sizes.
  /// - Throws: `PassError` where the sizes do not fit.
  @inline(__always) func combined(
    with other: Tensor, for layer: String, _ join: (Float, Float) -> Float
  ) throws(PassError) -> Tensor {
    if other.count == 1, other.rank <= rank, let only = other.values.first {
      return map { join($0, only) }
    }
    let trailing = Array(other.sizes.drop { $0 == 1 })
    if Array(sizes.suffix(trailing.count)) == trailing, other.rank <= rank, other.count > 0 {
      return Tensor(sizes) { out in
        values.withUnsafeBufferPointer { numbers in
          other.values.withUnsafeBufferPointer { row in
            for start in stride(from: 0, to: numbers.count, by: row.count) {
              for column in 0..<row.count {
                out[start + column] = join(numbers[start + column], row[column])
              }
            }
          }
        }
      }
    }
    guard let whole = other.broadcast(to: sizes) else {
      throw PassError("\(layer): numbers of sizes \(other.sizes) do not fit \(shape)")
    }
    return zipped(with: whole, join)
  }
}

extension Shape {
  /// Checks that an array can be repeated to this shape.
  ///
  /// - Throws: `ShapeError` where it has more axes, or another size than 1 or the shape's own.
  func requireFit(_ array: Tensor, called name: String, for layer: String) throws(ShapeError) {
    let own = axes.suffix(array.rank).map(\.size)
    let fits =
      array.rank <= rank
      && zip(array.sizes, own).allSatisfy { size, axis in size == 1 || axis == nil || axis == size }
    guard fits else {
      throw ShapeError(
        "\(layer) has \(name) of shape \(Shape(sizes: array.sizes)), which does not fit \(self)",
        remedy: "give one number, or one for each position of the last axis")
    }
  }
}
