import Neural
import OrderedCollections

extension Trace {
  /// The trace as JSON text: `layers`, what each layer is, and `arrays`, nested lists under the
  /// names of the arrays.
  ///
  /// Numbers have the fewest digits that read back as the same 32-bit float; JSON has none for
  /// NaN and the infinities, so those are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`,
  /// which Python's `float` reads.
  /// - Parameter notes: what stands first: the model, the seed.
  /// - Returns: the text in UTF-8; `nil` where some timesteps were not recorded.
  public func json(notes: OrderedDictionary<String, ConfigValue>) -> [UInt8]? {
    var text: [UInt8] = Array("{\n".utf8)
    for (key, value) in notes {
      text += Array("  \(JSONWriter.write(.string(key))): \(JSONWriter.write(value)),\n".utf8)
    }
    let layers = JSONWriter.write(.list(self.layers.map(\.description)))
    text += Array("  \"layers\": \(layers),\n  \"arrays\": {".utf8)
    var isFirst = true
    for array in arrays {
      guard let tensor = array.tensor() else { return nil }
      text += Array("\(isFirst ? "" : ",")\n    \(JSONWriter.write(.string(array.name))): ".utf8)
      isFirst = false
      append(tensor, to: &text)
    }
    text += Array("\n  }\n}\n".utf8)
    return text
  }

  private func append(_ tensor: Tensor, to text: inout [UInt8]) {
    tensor.values.withUnsafeBufferPointer { numbers in
      var place = 0
      append(numbers, sizes: tensor.sizes[...], from: &place, to: &text)
    }
  }

  private func append(
    _ numbers: UnsafeBufferPointer<Float>, sizes: ArraySlice<Int>, from place: inout Int,
    to text: inout [UInt8]
  ) {
    guard let size = sizes.first else {
      text.append(contentsOf: Trace.literal(numbers[place]).utf8)
      place += 1
      return
    }
    text.append(UInt8(ascii: "["))
    for index in 0..<size {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(numbers, sizes: sizes.dropFirst(), from: &place, to: &text)
    }
    text.append(UInt8(ascii: "]"))
  }

  /// A float as JSON.
  static func literal(_ value: Float) -> String {
    if value.isNaN { return "\"NaN\"" }
    if value.isInfinite { return value < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
    return value.description
  }
}

extension Trace.Layer {
  /// What the layer is, beside its numbers.
  fileprivate var description: ConfigValue {
    let first = recordings.first
    var members: OrderedDictionary<String, ConfigValue> = [
      "name": .string(call.name), "class_name": .string(call.className),
      "samples": .int(samples), "timesteps": .int(timesteps),
      "features": .int(first?.features ?? 0),
      "return_sequences": .bool(first?.returnsSequences ?? false),
    ]
    if directions.count > 1 {
      members["merge_mode"] = first?.mergeMode.map { .string($0.rawValue) } ?? .null
    }
    members["directions"] = .list(
      directions.enumerated().map { place, direction in
        .object([
          "name": .string(direction.name),
          "class_name": .string(type(of: direction.layer).className),
          "direction": .string(direction.isBackward ? "backward" : "forward"),
          "units": .int(direction.units),
          "arrays": .string(prefix(ofDirection: place)),
          "quantities": .object(
            OrderedDictionary(
              uniqueKeysWithValues: direction.quantities.map {
                ($0.rawValue, .string($0.title))
              })),
        ])
      })
    return .object(members)
  }
}
