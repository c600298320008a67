import Foundation
import Neural

@testable import KerasFiles

/// Models with what Keras computes for them: `NAME.json` and `NAME.bin`.
struct ModelNumbers {
  var models: [ModelNumber] = []

  init(path: String) throws { try self.init(folder: Fixtures.folder, path: path) }

  init(folder: URL, path: String) throws {
    let json = try JSONReader.read(
      [UInt8](Data(contentsOf: folder.appendingPathComponent(path + ".json"))))
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(path + ".bin")))
    var place = 0
    for entry in json["models"]?.listValue ?? [] {
      let sizes = (entry["outputs"]?.listValue ?? []).map { call in
        (call.listValue ?? []).map { $0.listValue?.compactMap(\.intValue) ?? [] }
      }
      let expected = sizes.map { call in
        call.map { sizes in
          let values = (0..<sizes.reduce(1, *)).map { index -> Float in
            let start = place + index * 4
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << ($1 * 8) }
            return Float(bitPattern: bits)
          }
          place += values.count * 4
          return Tensor(sizes, values)
        }
      }
      models.append(ModelNumber(entry: entry, expected: expected))
    }
  }

  /// Numbers from -1 up to 1 that look random: `pattern` of the script.
  static func pattern(_ count: Int, _ salt: Int) -> [Double] {
    (0..<count).map { index in
      var x = UInt32(index + 1) &* 0x9E37_79B1 &+ UInt32(salt + 1) &* 0x85EB_CA77
      x ^= x >> 15
      x = x &* 0x2C1B_3C6D
      x ^= x >> 12
      x = x &* 0x297A_2D39
      x ^= x >> 15
      return Double(x) / 2_147_483_648 - 1
    }
  }
}

/// One model, what is put in, and what Keras makes of it.
struct ModelNumber {
  var entry: ConfigValue
  /// The outputs of each call.
  var expected: [[Tensor]]

  var id: String { entry["id"]?.stringValue ?? "" }

  /// The weights in Keras' order: the path and the shape of each.
  var weights: [(path: String, shape: [Int])] {
    (entry["weights"]?.listValue ?? []).map {
      let parts = $0.listValue ?? []
      return (
        parts.first?.stringValue ?? "", parts.last?.listValue?.compactMap(\.intValue) ?? []
      )
    }
  }

  func opened() throws -> OpenedModel {
    let model = try KerasConfig.model(from: entry["config"] ?? .null)
    return OpenedModel(number: self, model: model, analysis: Analysis(of: model))
  }

  func inputs(call: Int) -> [Tensor] {
    (entry["inputs"]?.listValue ?? []).enumerated().map { place, spec in
      let sizes = spec["shape"]?.listValue?.compactMap(\.intValue) ?? []
      var values = ModelNumbers.pattern(sizes.reduce(1, *), 1000 + 100 * call + place)
      switch spec["kind"]?.stringValue {
      case "ids":
        let below = spec["below"]?.doubleValue ?? 1
        values = values.map { (($0 + 1) / 2 * below).rounded(.down) }
      case "truth": values = values.map { $0 > -0.3 ? 1 : 0 }
      default: break
      }
      let row = sizes.dropFirst(2).reduce(1, *)
      for padding in spec["padding"]?.listValue ?? [] {
        let numbers = padding.listValue?.compactMap(\.doubleValue) ?? []
        for t in Int(numbers[1])..<Int(numbers[2]) {
          let start = (Int(numbers[0]) * sizes[1] + t) * row
          for index in start..<(start + row) { values[index] = numbers[3] }
        }
      }
      return Tensor(sizes, values.map { Float($0) })
    }
  }

  /// What is wrong, and how far numbers are apart at most, relative to 1 + |x|.
  func differences() throws -> (problems: [String], largest: Float) {
    let opened = try opened()
    var problems: [String] = []
    var largest: Float = 0
    var options = PassOptions()
    options.keepsEverything = false
    options.isTraining = nil
    guard let weights = opened.weights else { return (["weights differ"], 0) }
    for (call, wanted) in expected.enumerated() {
      let pass: ModelPass
      do {
        pass = try opened.model.pass(on: inputs(call: call), weights: weights, options: options)
      } catch {
        return (problems + ["\(error)"], largest)
      }
      options.states = pass.states
      guard pass.outputs.map(\.sizes) == wanted.map(\.sizes) else {
        problems.append("sizes \(pass.outputs.map(\.sizes)), Keras \(wanted.map(\.sizes))")
        continue
      }
      for (index, (output, wanted)) in zip(pass.outputs, wanted).enumerated() {
        let apart = zip(output.values, wanted.values).map { abs($0 - $1) / (1 + abs($1)) }
        let most = apart.contains(where: \.isNaN) ? .infinity : apart.max() ?? 0
        largest = max(largest, most)
        if most > 1e-5 { problems.append("call \(call), output \(index): \(most) apart") }
      }
    }
    return (problems, largest)
  }
}

/// A model that was read, with its weights as Keras lists them.
struct OpenedModel {
  var number: ModelNumber
  var model: Model
  var analysis: Analysis

  var id: String { number.id }

  /// The layers in the order in which Keras lists their weights: operations on masks count
  /// where it says how deep a layer stands.
  private var order: [LayerID] {
    guard model.kind == .functional else { return Array(model.layers.keys) }
    return KerasOrder(model.withMaskOperations()).layers
  }

  private var ordered: [(layer: LayerID, index: Int, spec: WeightSpec)] {
    order.flatMap { id in
      (analysis.weights[id] ?? []).enumerated().map { (id, $0.offset, $0.element) }
    }
  }

  var orderedShapes: [[Int]] { ordered.map(\.spec.shape) }
  var expectedShapes: [[Int]] { number.weights.map(\.shape) }

  /// The weights that the formula gives; `nil` where Keras has others.
  var weights: ModelWeights? {
    guard orderedShapes == expectedShapes else { return nil }
    var tensors: [LayerID: [Tensor]] = [:]
    for (index, place) in ordered.enumerated() {
      let count = place.spec.shape.reduce(1, *)
      var values = ModelNumbers.pattern(count, index)
      if place.spec.name == "moving_variance" {
        values = values.map { abs($0) + 0.5 }
      } else if place.spec.shape.count > 1 {
        let fan = max(1, count / (place.spec.shape.last ?? 1))
        let scale = min(0.6, 1.6 / Double(fan).squareRoot())
        values = values.map { $0 * scale }
      } else {
        values = values.map { $0 * 0.5 }
      }
      tensors[place.layer, default: []].append(Tensor(place.spec.shape, values.map { Float($0) }))
    }
    var weights = ModelWeights()
    for (layer, tensors) in tensors { weights.layers[layer] = LayerWeights(tensors) }
    return weights
  }
}
