extension ActivationLike {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (function, input) = (try function, inputs[0])
    let output = function(input)
    return Pass(output, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(function.gradient(gradient, arguments: input, values: output))
    }
  }
}

extension ActivationLayer: ActivationLike {
  var function: ActivationFunction {
    get throws(PassError) { try activation.function() }
  }
}

extension Identity: ActivationLike {
  var function: ActivationFunction { .linear }
}

extension LeakyReLU: ActivationLike {
  var function: ActivationFunction { .leakyReLU(slope: Float(negativeSlope)) }
}

extension ELU: ActivationLike {
  var function: ActivationFunction { .elu(alpha: Float(alpha)) }
}

extension ReLU: ActivationLike {
  var function: ActivationFunction {
    .relu(
      RectifierOptions(
        negativeSlope: Float(negativeSlope), maxValue: maxValue.map { Float($0) },
        threshold: Float(threshold)))
  }
}

extension PReLU {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    guard let alpha = weights[0].broadcast(to: input.sizes) else {
      throw PassError("alpha of \(weights[0].shape) does not fit \(input.shape)")
    }
    let output = input.zipped(with: alpha) { x, alpha in larger(x, 0) - alpha * larger(-x, 0) }
    let sizes = weights[0].sizes
    return Pass(output, in: context) { gradient in
      // At 0 neither half has a slope, as in Keras with JAX.
      let below = input.zipped(with: gradient) { x, gradient in x < 0 ? gradient * x : 0 }
      var slopes: Tensor?
      if context.needsInputGradients {
        slopes = input.zipped(with: alpha) { x, alpha in x > 0 ? 1 : x < 0 ? alpha : 0 }
          .zipped(with: gradient, *)
      }
      return Gradients(slopes, weights: [below.summed(to: sizes)])
    }
  }
}

extension Softmax: ActivationLike {
  /// The function, where shares are those of the last axis.
  var function: ActivationFunction {
    get throws(PassError) {
      guard axis.indices == [-1] else {
        throw PassError(
          "a Softmax along axis \(axis.configValue) cannot stand in for an activation",
          remedy: "use axis -1, or put it behind the layer")
      }
      return .softmax
    }
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    let axes = try input.axes(axis.indices, for: className)
    guard let mask = context.mask else {
      let shares = input.changingRows(along: axes) { $0.applySoftmax() }
      return Pass(shares, in: context) { gradient in
        guard context.needsInputGradients else { return Gradients(nil) }
        return Gradients(gradient.backThroughSoftmax(shares, along: axes))
      }
    }
    // The mask fits from the last axis on, as everywhere in Keras: a mask of timesteps fits
    // numbers of the same shape.
    guard let counts = mask.broadcast(to: input.sizes) else {
      throw PassError(
        "Softmax has a mask of shape \(mask.shape), which does not fit \(input.shape)",
        remedy: "use Softmax without a mask, or on numbers of the mask's shape")
    }
    let kept = input.zipped(with: counts) { number, counts in counts > 0.5 ? number : -1e9 }
    let shares = kept.changingRows(along: axes) { $0.applySoftmax() }
    let output = shares.zipped(with: counts) { share, counts in counts > 0.5 ? share : 0 }
    return Pass(output, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      let counting = gradient.zipped(with: counts) { $1 > 0.5 ? $0 : 0 }
      let result = counting.backThroughSoftmax(shares, along: axes)
      return Gradients(result.zipped(with: counts) { $1 > 0.5 ? $0 : 0 })
    }
  }
}

extension Tensor {
  /// The gradient of what gave these shares, this being the gradient of the shares.
  fileprivate func backThroughSoftmax(_ shares: Tensor, along axes: [Int]) -> Tensor {
    changingRows(along: axes, beside: shares) { gradients, shares in
      var sum: Float = 0
      for index in gradients.indices { sum += gradients[index] * shares[index] }
      for index in gradients.indices {
        gradients[index] = shares[index] * (gradients[index] - sum)
      }
    }
  }
}
