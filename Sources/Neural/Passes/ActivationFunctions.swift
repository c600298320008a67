#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Activation {
  /// Applies the function to rows of numbers, in place.
  ///
  /// - Parameters:
  ///   - numbers: `rows` × `width` numbers; functions such as softmax look at a row as a whole.
  ///   - width: the size of the last axis.
  /// - Throws: `PassError` where the function is not one of Keras'.
  public func apply(
    to numbers: UnsafeMutableBufferPointer<Float>, width: Int
  ) throws(PassError) {
    switch name {
    case "linear": break
    case "tanh": for index in numbers.indices { numbers[index] = tanhf(numbers[index]) }
    case "sigmoid":
      for index in numbers.indices { numbers[index] = 1 / (1 + expf(-numbers[index])) }
    case "relu": for index in numbers.indices { numbers[index] = max(numbers[index], 0) }
    default:
      throw PassError("the activation \(configValue) cannot be computed here")
    }
  }

  /// The function of every number of a tensor.
  ///
  /// - Throws: `PassError` where the function is not one of Keras'.
  public func callAsFunction(_ tensor: Tensor) throws(PassError) -> Tensor {
    if name == "linear" { return tensor }
    var values = tensor.values
    var failure: PassError?
    values.withUnsafeMutableBufferPointer { numbers in
      do throws(PassError) {
        try apply(to: numbers, width: max(tensor.sizes.last ?? 1, 1))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return Tensor(tensor.sizes, values)
  }
}
