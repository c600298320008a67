extension WeightConstraint {
  /// Checks that the constraint is one of Keras', with parameters that fit a weight.
  ///
  /// - Throws: `PassError` where it is not.
  func check(for sizes: [Int]) throws(PassError) {
    guard original == nil else {
      throw PassError(
        "the constraint \(className) is not one of Keras': only its own code tells what it does",
        remedy: "use MaxNorm, MinMaxNorm, NonNeg or UnitNorm")
    }
    for key in ["min_value", "max_value", "rate"] where config[key] != nil {
      guard config[key]?.doubleValue != nil else {
        throw PassError(
          "\(className) has \(key)=\((config[key] ?? .null).shortDescription)",
          remedy: "use a number")
      }
    }
    guard config["axis"] != nil else { return }
    for axis in axes where !(-sizes.count..<sizes.count).contains(axis) {
      throw PassError(
        "\(className) looks along axis \(axis), the weight is \(Shape(sizes: sizes))",
        remedy: "use an axis from 0 to \(Swift.max(sizes.count - 1, 0))")
    }
    guard !axes.isEmpty else {
      throw PassError(
        "\(className) has axis=\((config["axis"] ?? .null).shortDescription)",
        remedy: "use a whole number, or a list of them")
    }
  }

  /// The axes along which norms are taken.
  private var axes: [Int] {
    guard let axis = config["axis"] else { return [] }
    return axis.intValue.map { [$0] } ?? (axis.listValue ?? []).compactMap(\.intValue)
  }

  /// Forces a weight to what it may be, after a training step.
  ///
  /// Norms are Euclidean, along `axis`. MaxNorm: at most `max_value`. UnitNorm: 1. MinMaxNorm:
  /// brought into a range, or part of the way there. NonNeg: nothing below 0.
  /// Source: `keras/src/constraints/constraints.py`.
  func apply(to weight: inout Tensor) {
    if className == "NonNeg" { return weight.changeEach { $0 < 0 ? 0 : $0 } }
    let least = Float(config["min_value"]?.doubleValue ?? 0)
    let most = Float(config["max_value"]?.doubleValue ?? 2)
    let rate = config["rate"]?.doubleValue ?? 1
    weight.scale(along: axes.map { weight.axis($0) }) { norm in
      switch className {
      case "MaxNorm": (norm > most ? most : norm) / (1e-7 + norm)
      case "MinMaxNorm":
        (Float(rate) * (norm < least ? least : norm > most ? most : norm)
          + Float(1 - rate) * norm) / (1e-7 + norm)
      default: 1 / (1e-7 + norm)
      }
    }
  }
}

extension Tensor {
  /// Multiplies the numbers along some axes by what follows from their norm.
  fileprivate mutating func scale(along axes: [Int], by factor: (_ norm: Float) -> Float) {
    // Where each number's norm stands: the stride is 0 along the axes that it is taken over.
    var strides = Array(repeating: 0, count: rank)
    var count = 1
    for axis in sizes.indices.reversed() where !axes.contains(axis) {
      strides[axis] = count
      count *= sizes[axis]
    }
    var squares = Array(repeating: 0.0, count: count)
    func visit(_ body: (_ place: Int, _ group: Int) -> Void) {
      var index = Array(repeating: 0, count: rank)
      var group = 0
      for place in 0..<self.count {
        body(place, group)
        var axis = rank - 1
        while axis >= 0 {
          index[axis] += 1
          group += strides[axis]
          if index[axis] < sizes[axis] { break }
          group -= index[axis] * strides[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
    let numbers = values
    visit { place, group in
      let number = Double(numbers[place])
      squares[group] += number * number
    }
    let factors = squares.map { factor(Float($0.squareRoot())) }
    var scaled = numbers
    visit { place, group in scaled[place] *= factors[group] }
    values = scaled
  }
}
