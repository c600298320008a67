/// Sums of products over axes that an equation names: `ops.einsum("btf,bsf->bts", x, y)`.
///
/// Source: `Einsum` in `keras/src/ops/numpy.py`.
package struct EinsumOperation: OperandOperation {
  package static let className = "Einsum"
  package static let callArguments: Set = ["operands"]

  /// The axes of the operands and of the result.
  package var subscripts = "ab,bc->ac"
  /// Its constants.
  package var operands = Operands()

  package init() {}

  package static let settings: [Setting<EinsumOperation>] = [
    Setting(
      "subscripts", \.subscripts, .value, isRequired: true,
      help: "a letter for each axis of the operands and of the result: ab,bc->ac"),
    Setting("operands", \.operands, .value, help: "constants in their places, None for tensors"),
  ]

  /// How many operands the equation names, constants among them.
  private var count: Int {
    operands.constants.isEmpty ? subscripts.count { $0 == "," } + 1 : operands.constants.count
  }

  package var inputCount: ClosedRange<Int> {
    let count = max(operands.tensorCount(of: count), 1)
    return count...count
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let shapes = try operands.shapes(inputs, count: count, of: className)
    return [try EinsumEquation(subscripts).shape(of: shapes)]
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let equation = try? EinsumEquation(subscripts),
      let shapes = try? operands.shapes(inputs, count: count, of: className)
    else { return 0 }
    return equation.multiplyAdds(of: shapes)
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try knownOutputSizes(inputs)
    let tensors = try operands.tensors(inputs, count: count, of: className)
    let (output, way) = try EinsumEquation.parsed(subscripts).result(of: tensors)
    return Pass(output, in: context) { [operands, count] gradient in
      let isTensor = (0..<count).map {
        $0 >= operands.constants.count || operands.constants[$0].isNull
      }
      let gradients = context.needsInputGradients ? way.gradients(gradient, needed: isTensor) : []
      return operands.gradients(of: count, in: context) { gradients[$0] }
    }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first else { return Explanation([]) }
    return Explanation([
      .init("Why \(output)?", [subscripts] + inputs.map { "of \($0)" })
    ])
  }
}
