extension Layer {
  /// The sizes of the outputs on these numbers, none of them free or too large.
  ///
  /// - Throws: `PassError` where the layer cannot stand on them, or an output would take more
  ///   memory than a pass may.
  func knownOutputSizes(_ inputs: [Tensor]) throws(PassError) -> [[Int]] {
    let shapes: [Shape]
    do throws(ShapeError) {
      shapes = try outputShapes(for: inputs.map(\.shape))
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
    var result: [[Int]] = []
    for shape in shapes {
      let sizes = shape.sizes.compactMap(\.self)
      guard sizes.count == shape.rank, sizes.allSatisfy({ $0 >= 0 }) else {
        throw PassError("\(className) does not say how large its output is: \(shape)")
      }
      // An axis of size 0 makes an output empty, but not what is made on the way to it.
      guard Count.product(sizes.map { max($0, 1) }) * 4 <= Count(MemoryLimit.standard.bytes) else {
        throw PassError(
          "\(className) makes an output of \(shape), more than fits in memory",
          remedy: "use fewer samples or timesteps")
      }
      result.append(sizes)
    }
    return result
  }

  /// The only input and the sizes of the only output.
  ///
  /// - Throws: `PassError` as `knownOutputSizes(_:)`.
  func single(_ inputs: [Tensor]) throws(PassError) -> (input: Tensor, sizes: [Int]) {
    let sizes = try knownOutputSizes(inputs)
    guard inputs.count == 1, sizes.count == 1 else {
      throw PassError("\(className) takes one input, found \(inputs.count)")
    }
    return (inputs[0], sizes[0])
  }
}

extension Tensor {
  /// The tensor repeated along axes of size 1 until it has these sizes.
  ///
  /// - Throws: `PassError` where an axis is neither 1 nor as long as wanted.
  func broadcast(to wanted: [Int], for operation: String) throws(PassError) -> Tensor {
    guard let result = broadcast(to: wanted) else {
      throw PassError(
        "\(operation) cannot repeat \(shape) to \(Shape(sizes: wanted))",
        remedy: "make the axes equal, or one of them 1")
    }
    return result
  }

  /// `join` applied to the numbers of two tensors at equal places, axes of size 1 repeated.
  ///
  /// - Throws: `PassError` where the sizes do not fit.
  static func joined(
    _ first: Tensor, _ second: Tensor, for operation: String, _ join: (Float, Float) -> Float
  ) throws(PassError) -> Tensor {
    // A number beside a tensor is by far the most frequent case.
    if second.count == 1, second.rank <= first.rank {
      let number = second.values[0]
      return first.map { join($0, number) }
    }
    if first.count == 1, first.rank <= second.rank {
      let number = first.values[0]
      return second.map { join(number, $0) }
    }
    guard let result = first.broadcast(with: second, join) else {
      throw PassError(
        "\(operation) cannot join \(first.shape) and \(second.shape)",
        remedy: "make the axes equal, or one of them 1")
    }
    return result
  }
}

extension Operands {
  /// Every operand's numbers: those of `inputs` in order, constants between them.
  ///
  /// - Throws: `PassError` where a constant is no array of numbers, or its numbers are not known.
  func tensors(_ inputs: [Tensor], count: Int, of operation: String) throws(PassError) -> [Tensor] {
    guard unknownPlaces.isEmpty else {
      throw PassError(
        "\(operation) takes an array of the script whose numbers are not known here",
        remedy: "write its numbers as a list")
    }
    guard constants.isEmpty || constants.count == count, inputs.count == tensorCount(of: count)
    else {
      throw PassError("\(operation) takes \(count) operands, found \(inputs.count) inputs")
    }
    var rest = inputs[...]
    var result: [Tensor] = []
    for place in 0..<count {
      if place < constants.count, !constants[place].isNull {
        result.append(try constants[place].tensor(for: operation))
      } else if let next = rest.popFirst() {
        result.append(next)
      }
    }
    return result
  }
}

extension ConfigValue {
  /// The numbers of an array as a configuration has it: a number, nested lists, or Keras'
  /// wrapper of them.
  ///
  /// - Throws: `PassError` where something else stands in it, or its rows differ in length.
  package func tensor(for operation: String) throws(PassError) -> Tensor {
    let sizes = arrayShape.compactMap(\.self)
    var values: [Float] = []
    try collect(self["config"]?["value"] ?? self, sizes[...], into: &values, operation)
    return Tensor(sizes, values)
  }

  private func collect(
    _ value: ConfigValue, _ sizes: ArraySlice<Int>, into values: inout [Float], _ operation: String
  ) throws(PassError) {
    if let elements = value.listValue {
      guard let size = sizes.first, elements.count == size else {
        throw PassError("\(operation): the rows of an array differ in length")
      }
      for element in elements {
        try collect(element, sizes.dropFirst(), into: &values, operation)
      }
    } else if let number = value.number {
      guard sizes.isEmpty else {
        throw PassError("\(operation): the rows of an array differ in length")
      }
      values.append(Float(number))
    } else {
      throw PassError("\(operation): \(value.shortDescription) is no number")
    }
  }

  /// The number; 1 and 0 of truth values.
  var number: Double? {
    if case .bool(let flag) = self { return flag ? 1 : 0 }
    return doubleValue
  }
}

/// Truth as Keras has it: everything but 0, NaN included.
@inline(__always) func isTrue(_ value: Float) -> Bool { value != 0 }

/// 1 for true, 0 for false.
@inline(__always) func number(_ truth: Bool) -> Float { truth ? 1 : 0 }
