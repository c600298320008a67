extension EinsumDense {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = try single(inputs).input
    var (sums, way) = try EinsumEquation.parsed(equation).result(of: [input, weights[0]])
    if weights.count > 1 { try add(weights[1], to: &sums) }
    let activated = try ActivatedSums(sums, activation, in: context)
    let biasSizes = weights.count > 1 ? [weights[1].sizes] : []
    return Pass(activated.output, in: context) { [way] gradient throws(PassError) in
      let gradient = try activated.gradient(gradient)
      let gradients = way.gradients(gradient, needed: [context.needsInputGradients, true])
      return Gradients(
        gradients[0], weights: [gradients[1]] + biasSizes.map { gradient.summed(to: $0) })
    }
  }

  private func add(_ bias: Tensor, to sums: inout Tensor) throws(PassError) {
    if bias.sizes == Array(sums.sizes.suffix(bias.rank)) {
      sums.add(toLastAxes: bias)
    } else {
      sums = try Tensor.joined(sums, bias, for: Self.className, +)
    }
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let input = inputs.first, let axes = try? axes(on: input),
      let equation = try? EinsumEquation(equation)
    else { return 0 }
    return equation.multiplyAdds(of: [input, Shape(sizes: axes.kernel)])
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let output = outputs.first, let axes = try? axes(on: input),
      let terms = try? EinsumDenseTerms(equation)
    else { return Explanation([]) }
    let summed = terms.input.filter { !terms.output.contains($0) }
    let kernel = Count.product(axes.kernel)
    let bias = axes.bias.map { Count.product($0) } ?? 0
    let product = axes.kernel.map(\.grouped).joined(separator: " × ")
    return Explanation([
      .init(
        "Why \(output)?",
        [
          equation,
          summed.isEmpty
            ? "every axis stays"
            : "\(summed.map(String.init).joined(separator: ", ")): summed, the others stay",
        ]),
      .init(
        "Why \((kernel + bias).grouped) parameters?",
        [
          "kernel \(String(terms.kernel)): \(product) = \(kernel.grouped)",
          biasAxes.map { "bias \($0): \(bias.grouped)" } ?? "no bias",
        ]),
    ])
  }
}
