/// How many numbers a weight reads from, and how many it feeds.
///
/// Source: `compute_fans` in `keras/src/initializers/random_initializers.py`.
struct Fans: Hashable {
  var input: Double
  var output: Double

  /// The fans of a vector, a matrix, or a kernel (…, in, out), whose window counts on both sides.
  init(_ shape: [Int]) {
    let sizes = shape.map(Double.init)
    let window = sizes.dropLast(2).reduce(1, *)
    input = (sizes.count > 1 ? sizes[sizes.count - 2] : sizes.first ?? 1) * window
    output = (sizes.last ?? 1) * window
  }

  /// The fans as products of named axes.
  init(_ shape: [Int], inputAxes: [Int], outputAxes: [Int]) {
    func product(_ axes: [Int]) -> Double { axes.reduce(1) { $0 * Double(shape[$1]) } }
    (input, output) = (product(inputAxes), product(outputAxes))
  }
}

/// What decides how far the numbers of an initializer spread.
private struct Spread {
  var scale: Double
  var mode: String
  var distribution: String
}

extension Initializer {
  /// Numbers whose variance is `scale` over a fan: Glorot's, He's and LeCun's initializers too.
  func scaledByVariance(
    _ shape: [Int], _ random: inout RandomNumbers
  ) throws(PassError) -> Tensor {
    let spread = try spread()
    let fans = try fans(shape)
    let fan =
      switch spread.mode {
      case "fan_in": fans.input
      case "fan_out": fans.output
      default: (fans.input + fans.output) / 2
      }
    let variance = spread.scale / max(1, fan)
    switch spread.distribution {
    case "uniform":
      let limit = (3 * variance).squareRoot()
      return Self.drawn(shape) { random.uniform(-limit, limit) }
    case "untruncated_normal":
      let deviation = variance.squareRoot()
      return Self.drawn(shape) { deviation * random.normal() }
    default:
      // What is cut off beyond two deviations narrows the rest: widened to keep the variance.
      let deviation = variance.squareRoot() / 0.87962566103423978
      return Self.drawn(shape) { deviation * random.truncatedNormal() }
    }
  }

  private func spread() throws(PassError) -> Spread {
    switch className {
    case "GlorotUniform": return Spread(scale: 1, mode: "fan_avg", distribution: "uniform")
    case "GlorotNormal": return Spread(scale: 1, mode: "fan_avg", distribution: "normal")
    case "HeUniform": return Spread(scale: 2, mode: "fan_in", distribution: "uniform")
    case "HeNormal": return Spread(scale: 2, mode: "fan_in", distribution: "normal")
    case "LecunUniform": return Spread(scale: 1, mode: "fan_in", distribution: "uniform")
    case "LecunNormal": return Spread(scale: 1, mode: "fan_in", distribution: "normal")
    case "VarianceScaling": break
    default: throw PassError("the initializer \(className) is not known here")
    }
    let scale = try number("scale")
    guard scale > 0 else {
      throw PassError("scale of the initializer \(shortName) should be above 0, found \(scale)")
    }
    let mode = try choice("mode", ["fan_in", "fan_out", "fan_avg"])
    let distribution = try choice(
      "distribution", ["uniform", "truncated_normal", "untruncated_normal", "normal"])
    return Spread(scale: scale, mode: mode, distribution: distribution)
  }

  private func choice(_ key: String, _ choices: [String]) throws(PassError) -> String {
    let value = config[key] ?? .null
    if let text = value.stringValue?.lowercased(), choices.contains(text) { return text }
    throw PassError(
      "\(key) of the initializer \(shortName) should be one of "
        + choices.joined(separator: ", ") + ", found \(value.shortDescription)")
  }

  private func fans(_ shape: [Int]) throws(PassError) -> Fans {
    guard let input = try axes("input_axes", shape), let output = try axes("output_axes", shape)
    else { return Fans(shape) }
    return Fans(shape, inputAxes: input, outputAxes: output)
  }

  private func axes(_ key: String, _ shape: [Int]) throws(PassError) -> [Int]? {
    guard let value = config[key], !value.isNull else { return nil }
    let axes = (value.listValue ?? []).compactMap(\.intValue).compactMap { axis -> Int? in
      let place = axis < 0 ? added(axis, shape.count) : axis
      return place.flatMap { shape.indices.contains($0) ? $0 : nil }
    }
    guard let list = value.listValue, axes.count == list.count else {
      throw PassError(
        "\(key) of the initializer \(shortName) should name axes of a weight with "
          + "\(shape.axesText), found \(value.shortDescription)")
    }
    return axes
  }
}

extension RandomNumbers {
  /// A number of the normal distribution no further than two deviations from its centre.
  mutating func truncatedNormal() -> Double {
    while true {
      let number = normal()
      if abs(number) <= 2 { return number }
    }
  }
}
