import Neural

/// What training costs: a warm step, or a whole `fit`.
enum Training {
  /// 32 samples of 128 timesteps and 20 features, 50 units each way, normalised and dropped.
  static func bilstm(_ seconds: Double) throws -> Measurement {
    var dropout = Dropout()
    dropout.rate = 0.2
    return try step(
      batch: 32, timesteps: 128, features: 20, units: 50,
      behind: [
        NamedLayer("batch_normalization", BatchNormalization()), NamedLayer("dropout", dropout),
      ], seconds)
  }

  /// 32 samples of 128 timesteps and 128 features, 256 units each way.
  static func wide(_ seconds: Double) throws -> Measurement {
    try step(batch: 32, timesteps: 128, features: 128, units: 256, behind: [], seconds)
  }

  /// The two-tower model: 100 samples in batches of 5, 10 epochs.
  static func towers(_ seconds: Double) throws -> Measurement {
    let model = towersModel()
    var random = RandomNumbers(seed: 2)
    func uniform(_ sizes: [Int]) -> Tensor {
      Tensor(sizes) { out in
        for index in out.indices { out[index] = Float(random.uniform()) }
      }
    }
    let inputs = [uniform([100, 6, 300, 1]), uniform([100, 5, 300, 1])]
    let targets = uniform([100, 1]).map { $0.rounded() }
    let data = TrainingData(inputs: inputs, targets: [targets])
    // adam, binary_crossentropy, accuracy: what suits a sigmoid.
    let compilation = Compilation(suggestedFor: model, targets: [targets])
    precondition(compilation.losses.first??.className == "BinaryCrossentropy")
    var trainer = try Trainer(model, compilation, data: data, seed: 1)
    var settings = FitSettings()
    settings.epochs = 10
    settings.batchSize = 5
    return try Measurement(seconds: seconds) {
      var fitting = try Fitting(trainer, data: data, settings: settings)
      while true {
        if case .ended(let reason) = try fitting.advance() {
          precondition(reason == .completed)
          break
        }
      }
      trainer = fitting.trainer
    }
  }

  /// One Adam step on mean squared error.
  private static func step(
    batch: Int, timesteps: Int, features: Int, units: Int, behind: [NamedLayer],
    _ seconds: Double
  ) throws -> Measurement {
    let recurrent = Bidirectional(
      NamedLayer("lstm", LSTM(units: units, returnSequences: true)))
    let model = Model(
      input: InputLayer(batchShape: [nil, timesteps, features]),
      layers: [NamedLayer("bidirectional", recurrent)] + behind)
    var random = RandomNumbers(seed: 2)
    func normal(_ sizes: [Int]) -> Tensor {
      Tensor(sizes) { out in
        for index in out.indices { out[index] = Float(random.normal()) }
      }
    }
    let data = TrainingData(
      inputs: [normal([batch, timesteps, features])],
      targets: [normal([batch, timesteps, 2 * units])])
    guard let optimizer = Optimizer(named: "adam"), let loss = Loss(named: "mean_squared_error")
    else { throw PassError("adam or mean_squared_error is not known") }
    var trainer = try Trainer(
      model, Compilation(optimizer: optimizer, losses: [loss]), data: data, seed: 1)
    return try Measurement(seconds: seconds) {
      let loss = try trainer.train(on: data).loss
      precondition(loss.isFinite)
    }
  }

  private static func towersModel() -> Model {
    var model = Model(name: "functional", kind: .functional)
    func tower(_ name: String, _ steps: Int?) -> TensorRef {
      var tensor = model.addInput(
        NamedLayer("\(name)_input", InputLayer(batchShape: [nil, steps, 300, 1])))
      var convolution = Conv2D()
      convolution.filters = 32
      convolution.options.kernelSize = [2, 300]
      var squeeze = Squeeze()
      squeeze.axis = AxisList(2)
      var pooling = MaxPooling1D()
      pooling.options.poolSize = [4]
      pooling.options.dataFormat = .channelsFirst
      let layers: [any Layer] = [convolution, squeeze, pooling, LSTM(units: 6)]
      for layer in layers {
        let named = NamedLayer(model.freshName(for: type(of: layer).className), layer)
        tensor = TensorRef(model.call(model.addLayer(named), on: [tensor]))
      }
      return tensor
    }
    var hidden = Dense()
    hidden.units = 16
    var answer = Dense()
    answer.units = 1
    if let relu = try? Activation(configValue: .string("relu"), kind: .activation),
      let sigmoid = try? Activation(configValue: .string("sigmoid"), kind: .activation)
    {
      (hidden.activation, answer.activation) = (relu, sigmoid)
    }
    let towers = [tower("left", nil), tower("right", 5)]
    var tensor = TensorRef(
      model.call(model.addLayer(NamedLayer("subtract", Subtract())), on: towers))
    for (name, layer) in [("dense", hidden), ("dense_1", answer)] {
      tensor = TensorRef(model.call(model.addLayer(NamedLayer(name, layer)), on: [tensor]))
    }
    model.outputs = [tensor]
    return model
  }
}
