extension Embedding {
  /// Looks each index up.
  ///
  /// Keras with JAX takes the nearest row, or NaN, for an index that the table does not have;
  /// here that is refused.
  /// - Throws: `PassError` where a number is no index of the table.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, table) = (inputs[0], weights[0])
    var rows: [Int] = []
    rows.reserveCapacity(input.count)
    for (place, number) in input.values.enumerated() {
      guard let index = Int(exactly: number), index >= 0, index < inputDim else {
        throw refusal(of: number, at: place, in: input)
      }
      rows.append(index)
    }
    let width = outputDim
    let output = Tensor(input.sizes + [width]) { out in
      table.values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress else { return }
        for (place, row) in rows.enumerated() {
          (to + place * width).update(from: from + row * width, count: width)
        }
      }
    }
    let sizes = table.sizes
    return Pass(output, in: context) { [rows] gradient in
      Gradients(nil, weights: [gradient.addedToRows(rows, of: sizes)])
    }
  }

  private func refusal(of number: Float, at place: Int, in input: Tensor) -> PassError {
    var (rest, indices) = (place, [Int]())
    for size in input.sizes.reversed() {
      indices.insert(rest % size, at: 0)
      rest /= size
    }
    var position = "sample \(indices.first ?? 0)"
    if indices.count > 1 { position += ", timestep \(indices[1])" }
    if indices.count > 2 {
      position += ", position " + indices.dropFirst(2).map(String.init).joined(separator: ", ")
    }
    let isWhole = number.rounded() == number
    let value = Double(number).pythonDescription
    let text = isWhole && value.hasSuffix(".0") ? String(value.dropLast(2)) : value
    let highest = inputDim - 1
    return PassError(
      isWhole && number.isFinite
        ? "\(position) has the index \(text), but the table has rows 0 to \(highest)"
        : "\(position) is \(text), which is not an index: whole numbers from 0 to \(highest)",
      remedy: number.isFinite && isWhole && number > 0
        ? "raise input_dim above the largest index, or give smaller indices"
        : "give whole numbers from 0 to \(highest)")
  }
}

extension Tensor {
  /// A table of these sizes with a row of this tensor added to each row of `rows`.
  fileprivate func addedToRows(_ rows: [Int], of sizes: [Int]) -> Tensor {
    let width = sizes[1]
    return Tensor(sizes) { out in
      out.initialize(repeating: 0)
      values.withUnsafeBufferPointer { numbers in
        for (place, row) in rows.enumerated() {
          let (from, to) = (place * width, row * width)
          for column in 0..<width { out[to + column] += numbers[from + column] }
        }
      }
    }
  }
}
