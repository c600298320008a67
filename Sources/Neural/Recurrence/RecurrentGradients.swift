extension [ScanBack] {
  /// Walks all directions back, and gives what came back through them together.
  ///
  /// - Parameters:
  ///   - context: of the layer.
  ///   - initialStates: whether the states before the first position were inputs of the layer.
  /// - Returns: the gradients of the input, of the initial states of one direction behind the
  ///   other, and of the weights of one direction behind the other.
  /// - Throws: `PassError` where memory is short or an activation is not known.
  func gradients(in context: PassContext, initialStates: Bool) throws(PassError) -> Gradients {
    try ScanBack.run(self)
    var gradients = Gradients(
      inputs: [inputGradient] + (initialStates ? flatMap { back in back.initialStates } : []),
      weights: WeightGradients.of(self))
    if context.tellsTimestepGradients {
      gradients.timesteps = [
        TimestepGradients(
          path: [context.name],
          directions: map { .init(name: $0.scan.name, norms: $0.timestepNorms) })
      ]
    }
    return gradients
  }

  /// The sum of what came back to the input.
  private var inputGradient: Tensor? {
    guard let result = first?.inputGradient else { return nil }
    guard count > 1, let other = self[1].inputGradient else { return result }
    return result.zipped(with: other, +)
  }
}
