import Neural

/// A layer with some of its settings changed.
func layer(_ type: any Layer.Type, _ settings: [String: ConfigValue] = [:]) -> any Layer {
  var layer: any Layer = type.init()
  for (key, value) in settings { try? layer.set(key, to: value) }
  return layer
}

/// The second origin question: two towers over sentences, joined by a difference.
func twoTowersModel() -> Model {
  var model = Model(name: "functional", kind: .functional)
  func tower(_ length: Int?, _ suffix: String) -> TensorRef {
    var tensor = model.addInput(
      NamedLayer("input_layer\(suffix)", InputLayer(batchShape: [nil, length, 300, 1])))
    func apply(_ name: String, _ layer: any Layer) {
      tensor = TensorRef(model.call(model.addLayer(NamedLayer(name + suffix, layer)), on: [tensor]))
    }
    apply("conv2d", layer(Conv2D.self, ["filters": 32, "kernel_size": [2, 300]]))
    let target: ConfigValue = length == nil ? [-1, 32] : [4, 32]
    apply("reshape", layer(Reshape.self, ["target_shape": target]))
    apply(
      "max_pooling1d",
      layer(MaxPooling1D.self, ["pool_size": 4, "strides": 4, "data_format": "channels_first"]))
    apply("lstm", layer(LSTM.self, ["units": 6]))
    return tensor
  }
  let left = tower(nil, "")
  let right = tower(5, "_1")
  var joined = TensorRef(
    model.call(model.addLayer(NamedLayer("subtract", Subtract())), on: [left, right]))
  for (name, units) in [("dense", 16), ("dense_1", 1)] {
    let dense = NamedLayer(name, layer(Dense.self, ["units": .int(units)]))
    joined = TensorRef(model.call(model.addLayer(dense), on: [joined]))
  }
  model.outputs = [joined]
  return model
}
