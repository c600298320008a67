extension WindowGeometry {
  /// The gradients of the kernel, and of the input where it is asked for.
  ///
  /// Patches are laid side by side once more: kept from the way there, they would take far more
  /// memory than the input.
  func gradients(
    _ gradient: Tensor, _ input: Tensor, kernel: Tensor, groups: Int, needsInput: Bool
  ) -> (input: Tensor?, kernels: [Tensor]) {
    let filters = kernel.sizes[kernel.rank - 1]
    let kernelGradient = input.accumulating(kernel.sizes, beside: gradient) { from, gradient, to in
      addKernelGradient(gradient, from, filters: filters, groups: groups, into: to)
    }
    guard needsInput else { return (nil, [kernelGradient]) }
    let inputGradient = kernel.accumulating(input.sizes, beside: gradient) { kernel, gradient, to in
      addInputGradient(gradient, kernel, filters: filters, groups: groups, into: to)
    }
    return (inputGradient, [kernelGradient])
  }

  /// Adds the gradient of the kernel to `out`, from that of the results and from what went in.
  func addKernelGradient(
    _ gradient: UnsafePointer<Float>, _ from: UnsafePointer<Float>, filters: Int, groups: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    let (each, made) = (channels / groups, filters / groups)
    if isPointwise {
      for group in 0..<groups {
        multiply(
          rows: each, columns: made, inner: places, from + group * each, aStride: channels,
          transposesA: true, gradient + group * made, bStride: filters,
          into: out + group * made, outStride: filters)
      }
      return
    }
    forEachPatches(of: taps * each) { range, patches in
      for group in 0..<groups {
        gather(range, channels: group * each..<(group + 1) * each, from, into: patches)
        multiply(
          rows: taps * each, columns: made, inner: range.count, UnsafePointer(patches),
          transposesA: true, gradient + range.lowerBound * filters + group * made,
          bStride: filters, into: out + group * made, outStride: filters, adds: true)
      }
    }
  }

  /// Adds the gradient of the input to `out`, from that of the results and from the kernel.
  func addInputGradient(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>, filters: Int, groups: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    let (each, made) = (channels / groups, filters / groups)
    if isPointwise {
      for group in 0..<groups {
        multiply(
          rows: places, columns: each, inner: made, gradient + group * made, aStride: filters,
          kernel + group * made, bStride: filters, transposesB: true, into: out + group * each,
          outStride: channels)
      }
      return
    }
    forEachPatches(of: taps * each) { range, patches in
      for group in 0..<groups {
        multiply(
          rows: range.count, columns: taps * each, inner: made,
          gradient + range.lowerBound * filters + group * made, aStride: filters,
          kernel + group * made, bStride: filters, transposesB: true, into: patches)
        scatter(range, channels: group * each..<(group + 1) * each, patches, into: out)
      }
    }
  }
}
