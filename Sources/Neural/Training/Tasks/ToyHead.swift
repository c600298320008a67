/// A model whose output answers a task: the given one, or that with something behind it.
struct ToyHead {
  /// The model.
  private(set) var model: Model
  /// What was changed, in words.
  private(set) var words: String?
  /// How many different symbols there are.
  let symbols: Int
  /// How many different answers there are.
  let classes: Int
  /// Whether the model answers with one number, for yes or no.
  private(set) var isBinary = false

  /// Fits the output of a model to a task.
  ///
  /// - Throws: `PassError` where it cannot answer as often as the task asks.
  init(_ model: Model, _ task: ToyTask, _ input: ToyInput) throws(PassError) {
    guard model.outputs.count == 1 else {
      throw PassError(
        "the toy tasks ask for one answer, this model has \(model.outputs.count) outputs",
        remedy: "take a model with one output")
    }
    self.model = model
    var changes: [String] = []
    var output = try Self.output(of: model, input)
    if task.kind == .eachTimestep {
      try Self.checkTimesteps(output, task, input)
    } else if output.count > 2 {
      changes.append(try self.model.answerOnce(output, task, input))
      output = try Self.output(of: self.model, input)
    }
    // What the model says yes and no with, or tells classes apart with, is taken as it is.
    let units = output.last ?? 1
    let activation = self.model.outputActivation
    let isYesNo = activation == "sigmoid" && units == 1
    let room = isYesNo ? 2 : (activation == "softmax" ? min(input.room, max(units, 2)) : input.room)
    symbols = task.symbols(atMost: room)
    classes = task.classes(symbols: symbols, timesteps: input.timesteps)
    if isYesNo, classes == 2 {
      isBinary = true
    } else if !(activation == "softmax" && units >= max(classes, 2)) {
      var dense = Dense()
      isBinary = task == .palindrome || task == .parity
      dense.units = isBinary ? 1 : classes
      dense.activation = isBinary ? .sigmoid : .softmax
      self.model.append(dense)
      changes.append(
        "Dense(\(dense.units), \(isBinary ? "sigmoid" : "softmax")) answers"
          + (task.kind == .eachTimestep ? " at each timestep" : ""))
    }
    if !changes.isEmpty { words = changes.joined(separator: "; ") }
    _ = try Self.output(of: self.model, input)
  }

  /// Optimizer, loss and metric.
  func compilation() throws(PassError) -> Compilation {
    var adam = Optimizer(known: "Adam")
    adam.config["learning_rate"] = 0.01
    let loss = Loss(known: isBinary ? "BinaryCrossentropy" : "SparseCategoricalCrossentropy")
    return Compilation(
      optimizer: adam, losses: [loss], metrics: [[try Metric(spelled: "accuracy")]])
  }

  /// The sizes of the model's output for a batch.
  ///
  /// - Throws: `PassError` where a layer does not fit.
  fileprivate static func output(of model: Model, _ input: ToyInput) throws(PassError) -> [Int] {
    let plan = try PassPlan(model, inputSizes: [input.sizes(samples: 2)])
    let sizes = plan.analysis.outputShapes.first?.sizes ?? []
    guard sizes.count >= 2, !sizes.contains(nil) else {
      throw PassError(
        "the model answers with \(Shape(sizes: sizes)), the toy tasks need (batch, …, units)",
        remedy: "end it with a Dense layer")
    }
    return sizes.compactMap { $0 }
  }

  private static func checkTimesteps(
    _ output: [Int], _ task: ToyTask, _ input: ToyInput
  ) throws(PassError) {
    if output.count == 2 {
      throw PassError(
        "\(task.title) wants an answer at each timestep, the model answers once",
        remedy: "press r on the Stack: return_sequences")
    }
    guard output.count == 3, output[1] == input.timesteps else {
      throw PassError(
        "\(task.title) wants \(input.timesteps) answers, one at each timestep; the model gives "
          + "\(Shape(sizes: output))", remedy: "take out what changes the time axis")
    }
  }
}

extension Model {
  /// The activation of the layer that gives the output, where it is the layer's last step.
  fileprivate var outputActivation: String? {
    guard let node = outputs.first?.node, let named = layer(of: node) else { return nil }
    func activation(_ layer: any Layer) -> String? {
      switch layer.className {
      case "TimeDistributed": (layer as? any WrapperLayer).flatMap { activation($0.inner.layer) }
      case "Softmax": "softmax"
      case "Dense", "EinsumDense", "Activation", "Conv1D":
        layer.value(of: "activation")?.stringValue
      default: nil
      }
    }
    return activation(named.layer)
  }

  /// Puts a layer behind the output.
  fileprivate mutating func append(_ layer: any Layer) {
    guard let output = outputs.first else { return }
    let id = addLayer(NamedLayer(freshName(for: layer.className), layer))
    outputs = [TensorRef(call(id, on: [output]))]
  }

  /// Makes a model that answers at each timestep answer once.
  ///
  /// - Returns: what was changed, in words.
  /// - Throws: `PassError` where nothing can be put behind it.
  fileprivate mutating func answerOnce(
    _ output: [Int], _ task: ToyTask, _ input: ToyInput
  ) throws(PassError) -> String {
    if let (turned, name) = try answeringWithFinalState(input) {
      self = turned
      return "\(name) gives its final state alone (return_sequences=False), "
        + "each direction its own"
    }
    // Without a recurrent layer to ask there are no directions that this could favour.
    append(Flatten())
    if (try? ToyHead.output(of: self, input)) != nil {
      return "Flatten joins what \(output.dropFirst().dropLast().reduce(1, *)) places say"
    }
    throw PassError(
      "\(task.title) wants one answer, the model gives \(Shape(sizes: output))",
      remedy: "let its last recurrent layer have return_sequences=False: key r on the Stack")
  }

  /// The model with `return_sequences` off in the last recurrent layer, where what stands behind it
  /// can do without a time axis.
  private func answeringWithFinalState(
    _ input: ToyInput
  ) throws(PassError) -> (model: Model, name: String)? {
    var place = outputs.first?.node
    while let node = place.flatMap({ nodes[$0] }), let named = layers[node.layer] {
      if let recurrent = named.recurrent, recurrent.sequence.returnSequences,
        !(named.layer is TimeDistributed)
      {
        var turned = self
        do throws(EditError) {
          turned.replaceLayer(node.layer, with: try named.togglingReturnSequences())
        } catch {
          return nil
        }
        let output = try? ToyHead.output(of: turned, input)
        return output?.count == 2 ? (turned, named.name) : nil
      }
      place = node.inputs.count == 1 ? node.inputs.first?.node : nil
    }
    return nil
  }
}
