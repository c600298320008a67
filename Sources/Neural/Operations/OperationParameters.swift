import OrderedCollections

/// The parameters of an operation, read when it runs.
package struct OperationParameters {
  /// The operation, for messages.
  let operation: String
  private let values: OrderedDictionary<String, ConfigValue>

  init(_ operation: String, _ values: OrderedDictionary<String, ConfigValue>) {
    self.operation = operation
    self.values = values
  }

  subscript(key: String) -> ConfigValue { values[key] ?? .null }

  /// The number under `key`; `nil` where it is `None`.
  func optionalNumber(_ key: String) throws(PassError) -> Float? {
    if self[key].isNull { return nil }
    guard let number = self[key].number else { throw unfit(key, "a number") }
    return Float(number)
  }

  /// The number under `key`.
  func number(_ key: String) throws(PassError) -> Float {
    guard let number = try optionalNumber(key) else { throw unfit(key, "a number") }
    return number
  }

  /// The whole numbers under `key`: one or a list; `nil` where it is `None`.
  func integers(_ key: String) throws(PassError) -> [Int]? {
    if self[key].isNull { return nil }
    var result: [Int] = []
    for value in self[key].listValue ?? [self[key]] {
      guard let number = value.intValue else { throw unfit(key, "whole numbers") }
      result.append(number)
    }
    return result
  }

  /// The whole number under `key`.
  func integer(_ key: String) throws(PassError) -> Int {
    guard let numbers = try integers(key), numbers.count == 1 else {
      throw unfit(key, "a whole number")
    }
    return numbers[0]
  }

  /// The axes under `key`, counted from 0; all of them where it is `None`.
  func axes(_ key: String, of input: Tensor) throws(PassError) -> [Int] {
    guard let given = try integers(key) else { return Array(0..<input.rank) }
    var result: [Int] = []
    for index in given {
      let axis = input.axis(index)
      guard index >= -input.rank, index < input.rank, !result.contains(axis) else {
        throw PassError(
          "\(operation) has axis \(index), the input has \(input.rank): \(input.shape)")
      }
      result.append(axis)
    }
    return result
  }

  /// The error where a parameter is no `kind`.
  func unfit(_ key: String, _ kind: String) -> PassError {
    PassError("\(operation): \(key) is \(self[key].shortDescription), expected \(kind)")
  }
}
