extension GroupNormalization {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    let place = try input.axes([axis.index], for: className)[0]
    let groups = groups == -1 ? input.sizes[place] : groups
    guard place > 0, groups > 0, input.sizes[place] % groups == 0 else {
      throw PassError("\(className) cannot divide \(input.shape) into \(groups) groups")
    }
    // A group is a row: the numbers along all axes but the batch and the groups' own.
    let sizes = Array(input.sizes[..<place]) + [groups, input.sizes[place] / groups]
    let parted = input.reshaped(sizes + input.sizes[(place + 1)...])
    let axes = parted.sizes.indices.filter { $0 != 0 && $0 != place }
    let measure = RowMeasure(epsilon: Float(epsilon), keepsMean: false)
    let normalized = parted.changingRows(along: axes) { row in
      let (center, _, inverse) = measure(UnsafeBufferPointer(row))
      for index in row.indices { row[index] = row[index] * inverse - center * inverse }
    }.reshaped(input.sizes)
    let rows = ChannelRows(sizes: input.sizes, axis: place, mask: nil)
    let gamma = scale ? weights[0].values : Array(repeating: 1, count: input.sizes[place])
    let beta =
      center ? weights[scale ? 1 : 0].values : Array(repeating: 0, count: input.sizes[place])
    let output = rows.map(normalized) { number, _, channel, _ in
      number * gamma[channel] + beta[channel]
    }
    return Pass(output, in: context) { [scale, center] gradient in
      var slopes: [Tensor] = []
      if scale {
        let sums = rows.sums(gradient, beside: normalized, skippingMasked: false) { one, other, _ in
          one * other
        }
        slopes.append(Tensor([sums.count], sums.map { Float($0) }))
      }
      if center {
        let sums = rows.sums(gradient, skippingMasked: false) { number, _, _ in number }
        slopes.append(Tensor([sums.count], sums.map { Float($0) }))
      }
      guard context.needsInputGradients else { return Gradients(nil, weights: slopes) }
      let scaled = rows.map(gradient) { number, _, channel, _ in number * gamma[channel] }
      let back = scaled.reshaped(parted.sizes).changingRows(along: axes, beside: parted) {
        measure.backpropagate($0, $1, gamma: nil)
      }
      return Gradients(back.reshaped(gradient.sizes), weights: slopes)
    }
  }
}
