/// What is done to the numbers of each channel: x · scale + shift.
struct BatchScaling: Sendable {
  let mean: [Float]
  /// 1 ÷ √(variance + epsilon).
  let inverse: [Float]
  let scale: [Float]
  let shift: [Float]
  /// What renormalisation makes of normalised numbers: x · r + d.
  let r: [Float]?
  let d: [Float]?

  /// x · inv + (beta − mean · inv), where inv = gamma ÷ √(variance + epsilon), in this order.
  ///
  /// Renormalised, (x · r + d) · gamma + beta = x · (r · gamma) + (d · gamma + beta).
  init(
    _ mean: [Float], _ variance: [Float], epsilon: Float, gamma: [Float]?, beta: [Float]?,
    r: [Float]? = nil, d: [Float]? = nil
  ) {
    let inverse = variance.map { 1 / ($0 + epsilon).squareRoot() }
    let scale = inverse.indices.map { index in
      inverse[index] * ((r?[index] ?? 1) * (gamma?[index] ?? 1))
    }
    shift = scale.indices.map { index in
      let offset = (d?[index] ?? 0) * (gamma?[index] ?? 1) + (beta?[index] ?? 0)
      return -mean[index] * scale[index] + offset
    }
    (self.mean, self.inverse, self.scale, self.r, self.d) = (mean, inverse, scale, r, d)
  }

  /// The gradient of gamma, of the sums over each channel: of the gradient, and of the gradient
  /// times the normalised number.
  func gammaGradient(sums: [Double], along: [Double]) -> Tensor {
    Tensor(
      [along.count],
      along.indices.map { channel in
        let scaled = along[channel] * Double(r?[channel] ?? 1)
        return Float(scaled + sums[channel] * Double(d?[channel] ?? 0))
      })
  }

  /// The gradient of the input where mean and variance do not depend on it.
  func fixedGradient(_ gradient: Tensor, _ rows: ChannelRows) -> Tensor {
    scale.withUnsafeBufferPointer { scale in
      rows.map(gradient) { gradient, _, channel, _ in gradient * scale[channel] }
    }
  }

  /// The gradient of the input that mean and variance were measured on.
  ///
  /// scale · (gradient − (Σ gradient + x̂ · Σ gradient · x̂) ÷ n), where x̂ is the normalised number;
  /// masked numbers have no part in mean and variance.
  func measuredGradient(
    _ gradient: Tensor, _ input: Tensor, _ rows: ChannelRows, sums: [Double], along: [Double]
  ) -> Tensor {
    let counts = rows.counted
    // scale · (Σ gradient + x̂ · Σ gradient · x̂) ÷ n as a + b · x.
    let slopes = scale.indices.map { channel in
      Float(Double(scale[channel] * inverse[channel]) * along[channel] / counts[channel])
    }
    let starts = scale.indices.map { channel in
      Float(Double(scale[channel]) * sums[channel] / counts[channel])
    }
    return scale.withUnsafeBufferPointer { scale in
      slopes.withUnsafeBufferPointer { slopes in
        starts.withUnsafeBufferPointer { starts in
          mean.withUnsafeBufferPointer { mean in
            rows.map(gradient, beside: input) { gradient, number, channel, counts in
              let pull = starts[channel] + slopes[channel] * (number - mean[channel])
              return gradient * scale[channel] - counts * pull
            }
          }
        }
      }
    }
  }
}
