import Foundation
import Testing

@testable import Neural

/// The way back through activation functions.
@Suite struct ActivationGradientTests {
  /// The slopes, also at kinks and ties, are those of Keras with JAX.
  ///
  /// The table was made by `Fixtures/make_activation_gradients.py`.
  @Test func slopesEqualThoseOfKeras() throws {
    let cases = try ActivationSlopes.table()
    #expect(cases.count > 45)
    for slopes in cases {
      let values = slopes.function(slopes.arguments)
      let found = slopes.function.gradient(
        slopes.gradient, arguments: slopes.arguments, values: values)
      for (place, pair) in zip(found.values, slopes.expected.values).enumerated() {
        #expect(
          abs(pair.0 - pair.1) <= 2e-6 * (1 + abs(pair.1)),
          "\(slopes.description) at \(slopes.arguments.values[place])")
      }
    }
  }

  @Test func everyFunctionThatCanBeRunIsInTheTable() throws {
    let known = Set(try ActivationSlopes.table().map(\.name))
    #expect(known == Set(Activation.names).subtracting(["glu", "threshold"]))
  }

  @Test func slopesEqualFiniteDifferences() throws {
    for slopes in try ActivationSlopes.table() {
      let function = slopes.function
      // Rows of six different numbers, none of them near a kink.
      let numbers = (0..<48).map { Float(2.1 * sin(0.83 * Double($0) + 0.4)) + 0.007 }
      let arguments = Tensor([8, 6], numbers)
      let weights = Tensor([8, 6], (0..<48).map { Float(cos(0.7 * Double($0))) })
      let found = function.gradient(weights, arguments: arguments, values: function(arguments))
      let step: Float = 2e-3
      for place in numbers.indices {
        var (low, high) = (arguments, arguments)
        low.values[place] -= step
        high.values[place] += step
        let change = function(high).zipped(with: function(low), -).zipped(with: weights, *)
        let slope = change.values.reduce(0, +) / (high.values[place] - low.values[place])
        #expect(
          abs(found.values[place] - slope) < 2e-3, "\(slopes.description) at \(numbers[place])")
      }
    }
  }

  /// Where the values are enough, the arguments are never looked at.
  @Test func argumentsMayBeDroppedWhereValuesAreEnough() throws {
    for slopes in try ActivationSlopes.table() where slopes.function.followsFromValues {
      let values = slopes.function(slopes.arguments)
      let nothing = Tensor(values.sizes, repeating: .nan)
      let one = slopes.function.gradient(slopes.gradient, arguments: nothing, values: values)
      let other = slopes.function.gradient(
        slopes.gradient, arguments: slopes.arguments, values: values)
      #expect(one == other, "\(slopes.description)")
    }
    #expect(Activation.tanh.followsFromValues && Activation.linear.followsFromValues)
    #expect(try !Activation(configValue: "gelu", kind: .activation).followsFromValues)
  }

  @Test func noNumberEndsTheProgram() throws {
    let numbers: [Float] = [.nan, .infinity, -.infinity, 1e30, -1e30, .leastNonzeroMagnitude, 0]
    for slopes in try ActivationSlopes.table() {
      for sizes in [[7], [7, 1], [1, 7], [0], [2, 0], []] {
        let count = sizes.reduce(1, *)
        let arguments = Tensor(sizes, Array(numbers[..<count]))
        let gradient = Tensor(sizes, repeating: 1)
        let found = slopes.function.gradient(
          gradient, arguments: arguments, values: slopes.function(arguments))
        #expect(found.sizes == sizes)
      }
    }
  }
}

/// A function at some places, and the slopes that Keras finds there.
private struct ActivationSlopes: CustomStringConvertible {
  let name: String
  let settings: [String: Double]
  let arguments: Tensor
  let gradient: Tensor
  let expected: Tensor
  let function: ActivationFunction

  var description: String { "\(name) \(settings)" }

  init(_ json: [Any]) throws {
    name = try #require(json[0] as? String)
    settings = try #require(json[1] as? [String: Double])
    let sizes = try #require(json[2] as? [Int])
    let tensors = try json[3...].map { numbers in
      Tensor(sizes, try #require(numbers as? [Double]).map { Float($0) })
    }
    (arguments, gradient, expected) = (tensors[0], tensors[1], tensors[2])
    switch name {
    case "elu" where !settings.isEmpty: function = .elu(alpha: Float(settings["alpha"] ?? 1))
    case "celu" where !settings.isEmpty: function = .celu(alpha: Float(settings["alpha"] ?? 1))
    case "leaky_relu" where !settings.isEmpty:
      function = .leakyReLU(slope: Float(settings["negative_slope"] ?? 0.2))
    case "relu" where !settings.isEmpty:
      function = .relu(
        RectifierOptions(
          negativeSlope: Float(settings["negative_slope"] ?? 0),
          maxValue: settings["max_value"].map { Float($0) },
          threshold: Float(settings["threshold"] ?? 0)))
    default:
      let activation = try Activation(configValue: .string(name), kind: .activation)
      function = try activation.function()
    }
  }

  static func table() throws -> [ActivationSlopes] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/activation-gradients.json")
    let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let cases = (table as? [String: Any])?["cases"] as? [[Any]] ?? []
    return try cases.map { try ActivationSlopes($0) }
  }
}
