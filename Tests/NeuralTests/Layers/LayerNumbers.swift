import Foundation
import Testing

@testable import Neural

/// A layer on small numbers, and what Keras makes of them.
struct LayerNumbers: CustomStringConvertible {
  /// The place in the table, which the formulas of inputs and weights use.
  let place: Int
  let className: String
  let config: ConfigValue
  let sizes: [[Int]]
  /// How it is run.
  let how: ConfigValue
  let expected: Tensor
  /// The outputs behind the first one.
  let more: [Tensor]
  /// What became of the weights that moved.
  let moved: [Int: [Float]]

  init?(_ json: [Any], place: Int) {
    guard json.count == 5, let className = json[0] as? String, let sizes = json[2] as? [[Int]],
      let answer = json[4] as? [String: Any], let outputSizes = answer["sizes"] as? [Int],
      let numbers = answer["numbers"] as? [Any]
    else { return nil }
    self.place = place
    self.className = className
    config = ConfigValue(json: json[1])
    self.sizes = sizes
    how = ConfigValue(json: json[3])
    expected = Tensor(outputSizes, numbers.map(number))
    more = (answer["more"] as? [[String: Any]] ?? []).compactMap { output in
      guard let sizes = output["sizes"] as? [Int], let numbers = output["numbers"] as? [Any] else {
        return nil
      }
      return Tensor(sizes, numbers.map(number))
    }
    var moved: [Int: [Float]] = [:]
    for (index, values) in answer["moved"] as? [String: [Any]] ?? [:] {
      if let index = Int(index) { moved[index] = values.map(number) }
    }
    self.moved = moved
  }

  var description: String { "case \(place): \(className) \(config) on \(sizes), \(how)" }

  var inputs: [Tensor] {
    sizes.enumerated().map { index, sizes in
      if let values = how["values"]?.listValue?[index].listValue {
        return Tensor(
          sizes, values.map { Float($0.doubleValue ?? Double($0.stringValue ?? "") ?? .nan) })
      }
      return Tensor(
        sizes,
        (0..<sizes.reduce(1, *)).map { k in
          Float(1.5 * sin(0.37 * Double(k) + Double(place) + 2 * Double(index)))
        })
    }
  }

  var context: PassContext {
    var context = PassContext()
    context.isTraining = how["training"]?.boolValue ?? false
    context.isTrainable = how["trainable"]?.boolValue ?? true
    context.name = "layer"
    context.masks = (how["masks"]?.listValue ?? []).map { mask in
      mask.isNull ? nil : Tensor(nested: mask)
    }
    return context
  }

  /// The weight with this place among those of the layer or the model.
  func weight(_ spec: WeightSpec, _ index: Int) -> Tensor {
    let isSpread = spec.name.contains("variance") || spec.name.contains("stddev")
    return Tensor(
      spec.shape,
      (0..<spec.shape.reduce(1, *)).map { k in
        let value = 0.6 * cos(0.61 * Double(k) + Double(place) + 3 * Double(index))
        return Float(isSpread ? abs(value) + 0.5 : value)
      })
  }

  func layer() throws -> any Layer {
    let layer = try Self.make(className, config)
    guard let call = how["call"], var called = layer as? any CalledLayer else { return layer }
    // Whole arguments, or keywords beside the inputs in their order.
    let keywords = call["args"] == nil ? call.objectValue ?? [:] : [CallArgumentsTemplate.key: call]
    called.call = LayerCall(
      keywords, count: sizes.count, parameters: type(of: called).callParameters)
    return called
  }

  private static func make(_ className: String, _ config: ConfigValue) throws -> any Layer {
    if className == "Sequential" {
      var layers: [NamedLayer] = []
      for (index, inner) in (config["layers"]?.listValue ?? []).enumerated() {
        layers.append(NamedLayer("layer_\(index)", try make(pair: inner)))
      }
      return Submodel(Model(input: InputLayer(), layers: layers))
    }
    var layer: any Layer = try #require(LayerCatalog.type(named: className)).init()
    let members = config.objectValue ?? [:]
    // What a layer wraps comes first: it makes the layer anew.
    if let inner = members["layer"] {
      let named = NamedLayer("inner", try make(pair: inner))
      layer = (type(of: layer) as? any WrapperLayer.Type)?.init(named) ?? layer
    }
    if let cell = members["cell"] { layer = RNN(NamedLayer("cell", try make(pair: cell))) }
    if let cells = members["cells"]?.listValue {
      layer = StackedRNNCells(
        try cells.enumerated().map { NamedLayer("cell_\($0)", try make(pair: $1)) })
    }
    for (key, value) in members where !["layer", "cell", "cells"].contains(key) {
      try layer.set(key, to: value)
    }
    return layer
  }

  private static func make(pair: ConfigValue) throws -> any Layer {
    let pair = try #require(pair.listValue)
    return try make(try #require(pair.first?.stringValue), pair[1])
  }
}

/// A number of the table, `"nan"` and `"inf"` among them.
private func number(_ json: Any) -> Float {
  (json as? NSNumber)?.floatValue ?? Float(json as? String ?? "") ?? .nan
}

extension Tensor {
  /// The numbers of nested lists.
  fileprivate init(nested list: ConfigValue) {
    var sizes: [Int] = []
    var row = list
    while let inner = row.listValue {
      sizes.append(inner.count)
      row = inner.first ?? .null
    }
    func numbers(_ list: ConfigValue) -> [Float] {
      list.listValue?.flatMap(numbers) ?? [Float(list.doubleValue ?? .nan)]
    }
    self.init(sizes, numbers(list))
  }
}

extension KerasTables {
  /// What numbers Keras' layers make of small inputs; another file by `UNROLL_LAYER_NUMBERS`.
  static func layerNumbers() throws -> [LayerNumbers] {
    let path = ProcessInfo.processInfo.environment["UNROLL_LAYER_NUMBERS"]
    let urls = try path.map { [URL(filePath: $0)] } ?? tables("layer-numbers")
    return try urls.flatMap { url in
      let table = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
      let cases = (table as? [String: Any])?["cases"] as? [[Any]] ?? []
      return cases.enumerated().compactMap { LayerNumbers($1, place: $0) }
    }
  }
}
