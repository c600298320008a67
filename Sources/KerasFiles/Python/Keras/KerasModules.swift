import Neural

extension KerasSession {
  private static let roots = [
    "tensorflow.python.keras", "tensorflow.keras", "tensorflow.contrib.keras",
    "keras.api._v2.keras",
    "keras.src", "keras.api", "keras._tf_keras.keras", "keras_core", "tf_keras", "keras",
  ]

  /// A module of Keras, under any of the roots it is known by, or of TensorFlow.
  func module(named name: String, in evaluator: Evaluator) -> Value? {
    if name == "tensorflow" || name == "tensorflow.compat.v1" || name == "tensorflow.compat.v2" {
      return .module(tensorflow(in: evaluator))
    }
    for root in Self.roots where name == root || name.hasPrefix(root + ".") {
      let rest = name.dropFirst(root.count).drop { $0 == "." }
      return .module(part(String(rest), in: evaluator))
    }
    if name.hasPrefix("tensorflow.") {
      return .module(operations("tensorflow", in: evaluator))
    }
    return nil
  }

  /// The part of Keras behind a dotted path below its root.
  private func part(_ path: String, in evaluator: Evaluator) -> Module {
    let key = "keras/" + path
    if case .module(let known)? = evaluator.modules[key] { return known }
    let module = makePart(path, in: evaluator)
    evaluator.modules[key] = .module(module)
    return module
  }

  private func makePart(_ path: String, in evaluator: Evaluator) -> Module {
    let first = path.split(separator: ".").first.map(String.init) ?? ""
    switch first {
    case "": return root(in: evaluator)
    case "layers", "legacy", "engine": return layers(in: evaluator)
    case "models", "saving": return models(in: evaluator)
    case "backend", "ops": return operations("keras.\(first)", in: evaluator)
    case "activations": return operations("keras.activations", in: evaluator)
    case "datasets": return datasets(path, in: evaluator)
    case "preprocessing", "utils": return utilities(path, in: evaluator)
    case "initializers": return objects(InitializerFamily.self, in: evaluator)
    case "regularizers": return objects(RegularizerFamily.self, in: evaluator)
    case "constraints": return objects(ConstraintFamily.self, in: evaluator)
    case "optimizers": return optimizers(path, in: evaluator)
    case "losses", "objectives": return losses(in: evaluator)
    case "metrics": return metrics(in: evaluator)
    case "callbacks": return callbacks(in: evaluator)
    default: return configurations("keras.\(path)", in: evaluator)
    }
  }

  private static let rootParts = [
    "layers", "models", "backend", "ops", "activations", "datasets", "preprocessing", "utils",
    "initializers", "regularizers", "constraints", "optimizers", "losses", "metrics", "callbacks",
    "applications", "engine", "mixed_precision", "random", "config", "saving", "legacy",
    "estimator", "wrappers", "objectives", "experimental", "distribution",
  ]

  private func root(in evaluator: Evaluator) -> Module {
    Module("keras", names: { Self.rootParts + ["Sequential", "Model", "Input", "Layer"] }) {
      [unowned self, unowned evaluator] name in
      switch name {
      case "__version__": return .string("3.15.1")
      case "Input": return .builtin(InputMaking.tensor)
      case "Sequential", "Model", "Layer", "Functional":
        return layerClass(named: name).map { .type($0) }
      case "Variable", "KerasTensor", "Initializer", "Optimizer", "Loss", "Metric", "Regularizer",
        "DTypePolicy", "Operation", "Function", "InputSpec", "Quantizer", "StatelessScope",
        "name_scope", "device", "version":
        return evaluator.unknown("keras.\(name)", "keras.\(name) is not evaluated")
      default:
        return Self.rootParts.contains(name) ? .module(part(name, in: evaluator)) : nil
      }
    }
  }

  private func layers(in evaluator: Evaluator) -> Module {
    let functions = Array(KerasNames.mergeFunctions.keys) + ["merge", "Input"]
    let submodules: Set<String> = [
      "core", "recurrent", "embeddings", "merge_layers", "wrappers", "convolutional", "pooling",
      "normalization", "noise", "advanced_activations", "local", "rnn", "base_layer", "topology",
      "training", "input_layer", "recurrent_v2", "layer", "legacy", "experimental",
      "convolutional_recurrent", "preprocessing", "cudnn_recurrent",
    ]
    return Module(
      "keras.layers", names: { KerasNames.layers.sorted() + functions + ["Layer", "Wrapper"] }
    ) { [unowned self, unowned evaluator] name in
      if name == "Input" { return .builtin(InputMaking.tensor) }
      if name == "InputSpec" {
        return evaluator.unknown(name, "\(name) is not evaluated")
      }
      if let type = layerClass(named: name) { return .type(type) }
      if let className = KerasNames.mergeFunctions[name] { return mergeFunction(name, className) }
      if name == "merge" { return .builtin(Builtin(name) { try $0.keras.oldMerge($1, in: $0) }) }
      if submodules.contains(name) { return .module(part("layers", in: evaluator)) }
      return nil
    }
  }

  /// `concatenate([a, b])`: makes the layer and calls it.
  private func mergeFunction(_ name: String, _ className: String) -> Value {
    .builtin(
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        guard let type = LayerCatalog.type(named: className),
          let inputs = arguments.value(0, "inputs")
        else { return .none }
        var rest = arguments
        if rest.positional.isEmpty {
          rest.keywords.removeAll { $0.name == "inputs" }
        } else {
          rest.positional.removeFirst()
        }
        let layer = try evaluator.makeLayer(type, rest)
        return try evaluator.keras.call(layer, CallArguments(positional: [inputs]), in: evaluator)
      })
  }

  /// `merge([a, b], mode='concat')` of Keras 1.
  private func oldMerge(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    let modes = [
      "sum": "Add", "mul": "Multiply", "concat": "Concatenate", "ave": "Average", "dot": "Dot",
      "max": "Maximum",
    ]
    let mode = arguments.value(1, "mode")?.stringValue ?? "sum"
    guard let className = modes[mode], let type = LayerCatalog.type(named: className),
      let inputs = arguments.value(0, "inputs")
    else {
      throw evaluator.fault("merge(mode='\(mode)') is not supported", remedy: "use a merge layer")
    }
    var settings = CallArguments()
    for (name, value) in arguments.keywords {
      if name == "concat_axis", className == "Concatenate" {
        settings.keywords.append(("axis", value))
      }
      if name == "dot_axes", className == "Dot" { settings.keywords.append(("axes", value)) }
      if name == "name" { settings.keywords.append((name, value)) }
    }
    let layer = try evaluator.makeLayer(type, settings)
    return try call(layer, CallArguments(positional: [inputs]), in: evaluator)
  }

  private func models(in evaluator: Evaluator) -> Module {
    Module(
      "keras.models",
      names: {
        [
          "Sequential", "Model", "load_model", "save_model", "model_from_json", "clone_model",
        ]
      }
    ) {
      [unowned self, unowned evaluator] name in
      switch name {
      case "Sequential", "Model", "Functional": return layerClass(named: name).map { .type($0) }
      case "load_model": return .builtin(ModelLoading.file)
      case "model_from_json": return .builtin(ModelLoading.json)
      case "save_model":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            guard case .native(let object)? = arguments.value(0, "model"),
              let model = object as? ModelObject
            else { return .none }
            var rest = arguments
            if rest.positional.isEmpty {
              rest.keywords.removeAll { $0.name == "model" }
            } else {
              rest.positional.removeFirst()
            }
            guard let save = try model.attribute("save", in: evaluator) else { return .none }
            return try evaluator.call(save, rest)
          })
      case "model_from_config", "model_from_yaml":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, _ in
            evaluator.unknown(nil, "\(name)() is not evaluated")
          })
      case "clone_model": return evaluator.unknown(name, "cloning is not evaluated")
      // Keras 1 had the layers and the input here, too.
      case "Input": return .builtin(InputMaking.tensor)
      default:
        if let type = layerClass(named: name) { return .type(type) }
        // Of keras.saving: what registers classes changes nothing that is built here.
        if case .module(let other) = Value.module(configurations("keras.saving", in: evaluator)) {
          return other[name]
        }
        return nil
      }
    }
  }

  /// Parts of Keras that make no layers: objects whose settings are kept where they are known.
  private func configurations(_ name: String, in evaluator: Evaluator) -> Module {
    Module(name) { member in
      if member.first?.isLowercase ?? false {
        return .native(BackendFunction(member, in: name))
      }
      return .builtin(
        Builtin(member, takesUnknown: true) { evaluator, arguments in
          .native(evaluator.partlyKnown(member, name, [], arguments))
        })
    }
  }

  /// Initializers, regularizers or constraints.
  private func objects<Family: KerasObjectFamily>(
    _ family: Family.Type, in evaluator: Evaluator
  ) -> Module {
    let names =
      Array(Family.classes.keys) + Array(Family.aliases.keys) + Family.classes.keys.map(snakeCase)
    return Module(Family.module, names: { names }) { name in
      if name == "get" {
        return .builtin(Builtin(name) { _, arguments in arguments.positional.first ?? .none })
      }
      guard let className = KerasObject<Family>.className(for: name) else {
        return ["Initializer", "Regularizer", "Constraint", "serialize", "deserialize"].contains(
          name)
          ? .type(ClassObject(name)) : nil
      }
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, arguments in
          guard var object = KerasObject<Family>(named: className) else { return .none }
          let keys = Array(object.config.keys)
          var array: Value?
          // Regularizers of old were called with `l=`.
          for (key, value) in zip(keys, arguments.positional).map({ ($0, $1) })
            + arguments.keywords.map({
              ($0.name == "l" ? keys.first ?? $0.name : $0.name, $0.value)
            })
          {
            let near = nearest(to: key, in: keys)
            guard keys.contains(key) else {
              throw evaluator.fault(
                "\(className) has no argument '\(key)'",
                remedy: near.map { "did you mean \($0)?" } ?? "", type: "TypeError")
            }
            if case .array = value, evaluator.keras.run != nil {
              // Numbers for a weight: the layer that is given the object takes them.
              array = value
            } else if !value.isUnknown {
              object.config[key] = try evaluator.config(from: value, for: key)
            }
          }
          let made = ConfigObject(className, object.configValue)
          made.array = array
          return .native(made)
        })
    }
  }
}
