import Foundation
import Testing

@testable import Neural

/// The way back through recurrent layers gives the gradients of real Keras with JAX.
///
/// The table was made by `Fixtures/make_recurrent_gradients.py`; the numbers that go in are made
/// here as there.
@Suite struct KerasGradientTests {
  /// A setting of a layer, or a layer inside: class and settings.
  private indirect enum Entry: Decodable {
    case value(ConfigValue)
    case layer(String, [String: Entry])

    init(from decoder: any Decoder) throws {
      if var list = try? decoder.unkeyedContainer() {
        self = .layer(try list.decode(String.self), try list.decode([String: Entry].self))
        return
      }
      let single = try decoder.singleValueContainer()
      if single.decodeNil() {
        self = .value(.null)
      } else if let flag = try? single.decode(Bool.self) {
        self = .value(.bool(flag))
      } else if let number = try? single.decode(Int.self) {
        self = .value(.int(number))
      } else {
        self = .value(.string(try single.decode(String.self)))
      }
    }
  }

  private struct Table: Decodable {
    var cases: [Case]
  }

  private struct Case: Decodable {
    var `class`: String
    var config: [String: Entry]
    var sizes: [[Int]]
    var mask: [[Float]]?
    var inputs: [[Float]]
    var weights: [[Float]]
  }

  private func layer(_ className: String, _ config: [String: Entry]) throws -> any Layer {
    var layer: any Layer = try #require(LayerCatalog.type(named: className)).init()
    for (key, entry) in config {
      switch entry {
      case .value(let value): try layer.set(key, to: value)
      case .layer(let className, let config):
        var both = try #require(layer as? Bidirectional)
        let inner = NamedLayer(key, try self.layer(className, config))
        if key == "layer" { both.inner = inner } else { both.backward = inner }
        layer = both
      }
    }
    return layer
  }

  private func numbers(_ sizes: [Int], _ make: (Double) -> Double) -> Tensor {
    Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float(make(Double($0))) })
  }

  @Test func gradientsEqualThoseOfKeras() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/recurrent-gradients.json")
    let table = try JSONDecoder().decode(Table.self, from: Data(contentsOf: url))
    #expect(table.cases.count >= 100)
    for (place, run) in table.cases.enumerated() {
      let layer = try layer(run.class, run.config)
      let inputs = run.sizes.enumerated().map { index, sizes in
        numbers(sizes) { 1.5 * sin(0.37 * $0 + Double(place) + 2 * Double(index)) }
      }
      let weights = try layer.weights(for: inputs.map(\.shape)).enumerated().map { index, spec in
        numbers(spec.shape) { 0.6 * cos(0.61 * $0 + Double(place) + 3 * Double(index)) }
      }
      var context = PassContext()
      context.isDifferentiated = true
      let mask = run.mask.map { rows in Tensor([rows.count, rows[0].count], rows.flatMap { $0 }) }
      context.masks = [mask] + inputs.dropFirst().map { _ in nil }
      let pass = try layer.forward(inputs, weights: LayerWeights(weights), in: context)
      let gradients = try #require(
        try pass.pullback?(
          pass.outputs.enumerated().map { index, output in
            numbers(output.sizes) { cos(0.83 * $0 + Double(place) + Double(index)) }
          }))
      let expected = run.inputs + run.weights
      let found = gradients.inputs + gradients.weights
      #expect(found.count == expected.count)
      for (one, other) in zip(found, expected) {
        let one = one?.values ?? []
        let size = other.reduce(Float(1)) { max($0, abs($1)) }
        let isEqual =
          one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= 1e-4 * size }
        #expect(isEqual, "case \(place): \(run.class) \(run.config): \(one), expected \(other)")
      }
    }
  }
}
