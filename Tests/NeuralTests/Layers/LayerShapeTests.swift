import Neural
import Testing

/// Shapes and weights are those of real Keras, for random settings and inputs.
///
/// The table was made by `Fixtures/make_layer_shapes.py`.
@Suite struct LayerShapeTests {
  @Test func shapesAndWeightsEqualThoseOfKeras() throws {
    let cases = try KerasTables.layerShapes()
    #expect(cases.count > 200)
    for layerCase in cases { check(layerCase) }
  }

  private func check(_ layerCase: LayerCase) {
    let comment = Comment(
      "\(layerCase.className) \(layerCase.config) on \(layerCase.inputs)")
    do {
      let layer = try make(layerCase.className, layerCase.config)
      let outputs = try layer.outputShapes(for: layerCase.inputs)
      let weights = try layer.weights(for: layerCase.inputs)
      guard let expected = layerCase.expected else {
        Issue.record("Keras refuses \(comment), here it gives \(outputs)")
        return
      }
      #expect(outputs.map(\.sizes) == expected.outputs, comment)
      let found = weights.map {
        LayerCase.Weight(name: $0.name, shape: $0.shape, isTrainable: $0.isTrainable)
      }
      #expect(found == expected.weights, comment)
    } catch {
      if layerCase.expected != nil { Issue.record("\(error), but Keras accepts \(comment)") }
    }
  }

  private func make(_ className: String, _ config: ConfigValue) throws -> any Layer {
    var layer: any Layer = try #require(LayerCatalog.type(named: className)).init()
    for (key, value) in config.objectValue ?? [:] {
      if let wrapped = value.listValue, key == "layer", let name = wrapped.first?.stringValue {
        let inner = NamedLayer("inner", try make(name, wrapped[1]))
        layer = (type(of: layer) as? any WrapperLayer.Type)?.init(inner) ?? layer
      } else {
        try layer.set(key, to: value)
      }
    }
    return layer
  }
}
