extension Initializer {
  /// One number, or an array stretched to the weight's shape as NumPy does.
  func constant(_ shape: [Int]) throws(PassError) -> Tensor {
    var value = config["value"] ?? .null
    // Arrays stand in files as an object around a list.
    if let inner = value["config"]?["value"] { value = inner }
    guard let array = NestedArray(value) else {
      throw PassError(
        "value of the initializer constant should be a number or an even list of numbers, "
          + "found \(value.shortDescription)")
    }
    if array.sizes.isEmpty { return Tensor(shape, repeating: array.numbers[0]) }
    guard let strides = array.strides(over: shape) else {
      throw PassError(
        "value of the initializer constant has the shape \(Shape(sizes: array.sizes)), "
          + "the weight \(Shape(sizes: shape))",
        remedy: "give a number, or an array of the weight's shape")
    }
    var index = Array(repeating: 0, count: shape.count)
    var from = 0
    return Tensor(shape) { out in
      for place in 0..<out.count {
        out[place] = array.numbers[from]
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          from += strides[axis]
          if index[axis] < shape[axis] { break }
          from -= index[axis] * strides[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
  }
}

/// Lists in lists that are all as long as their neighbours.
private struct NestedArray {
  var sizes: [Int] = []
  var numbers: [Float] = []

  init?(_ value: ConfigValue) {
    if let number = value.doubleValue ?? value.boolValue.map({ $0 ? 1 : 0 }) {
      numbers = [Float(number)]
      return
    }
    guard let list = value.listValue else { return nil }
    var inner: [Int]?
    for element in list {
      guard let part = NestedArray(element), inner == nil || part.sizes == inner else {
        return nil
      }
      inner = part.sizes
      numbers += part.numbers
    }
    sizes = [list.count] + (inner ?? [])
  }

  /// How far apart neighbours along each axis of `shape` lie, 0 where the array repeats itself;
  /// `nil` where it does not stretch to `shape`.
  func strides(over shape: [Int]) -> [Int]? {
    guard sizes.count <= shape.count, !numbers.isEmpty else { return nil }
    var strides = Array(repeating: 0, count: shape.count)
    var stride = 1
    for offset in 1...sizes.count {
      let (size, wanted) = (sizes[sizes.count - offset], shape[shape.count - offset])
      guard size == wanted || size == 1 else { return nil }
      strides[shape.count - offset] = size == 1 ? 0 : stride
      stride *= size
    }
    return strides
  }
}
