extension QueryValueAttention {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try knownOutputSizes(inputs)
    let places = try placed(inputs.count)
    let tensors = try AttentionTensors(inputs, places, for: className)
    // What is compared takes no more memory than an output may.
    try MemoryLimit.standard.check(
      Count.product(tensors.scoreSizes) * 4, what: "the scores of \(className)",
      remedy: "use fewer samples or timesteps")
    let queryMask = try mask(places.queryMask, inputs, context)
    let valueMask = try mask(places.valueMask, inputs, context)
    let scores = scores(tensors.query, tensors.key, weights, in: context)
    let counting = try counting(valueMask, tensors.leading + tensors.scoreSizes.suffix(2))
    let softmax = scores.values.shares(counting: counting, isCausal: isCausal)
    let kept = try choice(context)
    let scale = Float(1 / (1 - dropout))
    let shares = kept?.applied(to: softmax, scale: scale) ?? softmax
    var output = shares.samples(times: tensors.value).reshaped(sizes[0])
    let isShown = try queryMask.map { mask throws(PassError) in try shown(mask, sizes[0]) }
    if let isShown { output = output.zipped(with: isShown) { $1 != 0 ? $0 : 0 } }
    var pass = Pass([output])
    if sizes.count > 1 { pass.outputs.append(shares.reshaped(sizes[1])) }
    pass.masks = [queryMask] + Array(repeating: nil, count: sizes.count - 1)
    guard context.isDifferentiated else { return pass }
    let count = inputs.count
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var slopes = Tensor(shares.sizes)
      var values = Tensor(tensors.value.sizes)
      if var gradient = gradients.first ?? nil {
        if let isShown { gradient = gradient.zipped(with: isShown) { $1 != 0 ? $0 : 0 } }
        gradient = gradient.reshaped(Array(shares.sizes.prefix(2)) + [tensors.value.sizes[2]])
        slopes = gradient.samples(times: tensors.value, transposed: true)
        values = shares.transposed([0, 2, 1]).samples(times: gradient)
      }
      if gradients.count > 1, let gradient = gradients[1] {
        slopes.add(gradient.reshaped(shares.sizes))
      }
      slopes = kept?.applied(to: slopes, scale: scale) ?? slopes
      slopes = slopes.changingRows(along: [2], beside: softmax) { $0.throughSoftmax(shares: $1) }
      let back = scores.back(slopes)
      var result: [Tensor?] = Array(repeating: nil, count: count)
      if context.needsInputGradients {
        let parts = [(places.query, back.query), (places.value, values), (places.key, back.key)]
        for (place, part) in parts {
          var part = tensors.unfolded(part, like: inputs[place].sizes)
          if let known = result[place] { part.add(known) }
          result[place] = part
        }
      }
      return Gradients(inputs: result, weights: back.weights)
    }
    return pass
  }

  private func placed(_ count: Int) throws(PassError) -> AttentionArguments {
    do throws(ShapeError) {
      return try arguments(of: count)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }

  /// Which shares training keeps; `nil`: all.
  private func choice(_ context: PassContext) throws(PassError) -> DrawnToKeep? {
    let isAsked = context.leavesTrainingToCalls && call.flag("training")
    guard context.isTraining || isAsked, dropout > 0 else { return nil }
    return DrawnToKeep(random: context.randomNumbers(seed), share: 1 - dropout)
  }

  private func mask(
    _ mask: AttentionArguments.Mask, _ inputs: [Tensor], _ context: PassContext
  ) throws(PassError) -> Tensor? {
    switch mask {
    case .none: nil
    case .flowing(let place): place < context.masks.count ? context.masks[place] : nil
    case .input(let place): inputs[place]
    case .constant(let array): try array.tensor(for: "the mask of \(className)")
    }
  }

  /// 1 for each score that counts, 0 for the others; `nil`: all count.
  ///
  /// A mask (batch, Tv) holds for every timestep of the query. All others fit from the last axis
  /// on, as everywhere in Keras.
  private func counting(_ mask: Tensor?, _ sizes: [Int]) throws(PassError) -> Tensor? {
    guard var mask else { return nil }
    if isCausal || mask.rank == 2, let last = mask.sizes.last {
      mask = mask.reshaped(mask.sizes.dropLast() + [1, last])
    }
    guard let result = mask.broadcast(to: sizes) else {
      throw PassError(
        "the value's mask of \(className) is \(mask.shape), the scores are \(Shape(sizes: sizes))",
        remedy: "a mask says of each sample and timestep whether it counts")
    }
    return result
  }

  /// 1 for each number of the output whose timestep counts.
  private func shown(_ mask: Tensor, _ sizes: [Int]) throws(PassError) -> Tensor {
    guard let result = mask.reshaped(mask.sizes + [1]).broadcast(to: sizes) else {
      throw PassError(
        "the query's mask of \(className) is \(mask.shape), the output is \(Shape(sizes: sizes))",
        remedy: "a mask says of each sample and timestep whether it counts")
    }
    return result
  }
}

/// Query, value and key with the axes before the last two as one.
private struct AttentionTensors: Sendable {
  let query: Tensor
  let value: Tensor
  let key: Tensor
  /// The sizes of the axes before the last two.
  let leading: [Int]
  /// Samples, timesteps of the query, timesteps of the value.
  var scoreSizes: [Int] { [query.sizes[0], query.sizes[1], key.sizes[1]] }

  init(
    _ inputs: [Tensor], _ places: AttentionArguments, for layer: String
  ) throws(PassError) {
    let leading = Array(inputs[places.query].sizes.dropLast(2))
    let samples = leading.reduce(1, *)
    func folded(_ tensor: Tensor) throws(PassError) -> Tensor {
      let matrix = Array(tensor.sizes.suffix(2))
      return try tensor.broadcast(to: leading + matrix, for: layer).reshaped([samples] + matrix)
    }
    query = try folded(inputs[places.query])
    value = try folded(inputs[places.value])
    key = places.key == places.value ? value : try folded(inputs[places.key])
    self.leading = leading
  }

  /// A gradient of one of them as one of the input that it was made of.
  func unfolded(_ gradient: Tensor, like sizes: [Int]) -> Tensor {
    gradient.reshaped(leading + gradient.sizes.suffix(2)).summed(to: sizes)
  }
}

extension Tensor {
  /// Softmax of scores over the last axis, without those that do not count.
  ///
  /// As in Keras they are not left out but 1e9 lower: where none counts, all count alike, 32-bit
  /// numbers being too coarse there to tell their scores apart. (With a policy of 16 bits Keras
  /// takes 65504, with the same effect.)
  fileprivate func shares(counting: Tensor?, isCausal: Bool) -> Tensor {
    var result = self
    let (rows, width) = (sizes[1], sizes[2])
    let counts = counting?.values
    result.values.withUnsafeMutableBufferPointer { numbers in
      guard width > 0 else { return }
      for row in 0..<(numbers.count / width) {
        let scores = UnsafeMutableBufferPointer(
          rebasing: numbers[(row * width)..<((row + 1) * width)])
        if let counts {
          for index in 0..<width where counts[row * width + index] == 0 {
            scores[index] -= 1e9
          }
        }
        if isCausal {
          // What the mask hides already is not hidden twice.
          for index in min(row % rows + 1, width)..<width
          where counts.map({ $0[row * width + index] != 0 }) ?? true { scores[index] -= 1e9 }
        }
        scores.applySoftmax()
      }
    }
    return result
  }
}
