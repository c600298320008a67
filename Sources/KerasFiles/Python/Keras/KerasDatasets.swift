import Neural

extension KerasSession {
  /// The shapes of the arrays that `load_data()` gives: training x and y, test x and y.
  ///
  /// Source: `keras/src/datasets`.
  private static let shapes: [String: [[Int]]] = [
    "mnist": [[60000, 28, 28], [60000], [10000, 28, 28], [10000]],
    "fashion_mnist": [[60000, 28, 28], [60000], [10000, 28, 28], [10000]],
    "cifar10": [[50000, 32, 32, 3], [50000, 1], [10000, 32, 32, 3], [10000, 1]],
    "cifar100": [[50000, 32, 32, 3], [50000, 1], [10000, 32, 32, 3], [10000, 1]],
    "imdb": [[25000], [25000], [25000], [25000]],
    "reuters": [[8982], [8982], [2246], [2246]],
    "boston_housing": [[404, 13], [404], [102, 13], [102]],
    "california_housing": [[16512, 8], [16512], [4128, 8], [4128]],
  ]

  func datasets(_ path: String, in evaluator: Evaluator) -> Module {
    let name = path.split(separator: ".").dropFirst().first.map(String.init)
    guard let name else {
      return Module("keras.datasets", names: { Array(Self.shapes.keys) }) {
        [unowned self, unowned evaluator] member in
        Self.shapes[member] == nil
          ? nil : .module(datasets("datasets.\(member)", in: evaluator))
      }
    }
    return Module("keras.datasets.\(name)", names: { ["load_data", "get_word_index"] }) {
      [unowned self] member in
      if run != nil {
        return .builtin(
          Builtin(member, takesUnknown: true) { evaluator, _ in
            throw evaluator.fault(
              "the data set \(name) would have to be downloaded, and nothing goes over the network",
              remedy: "make arrays instead, or save it as .npy and train with: unroll fit FILE "
                + "--input x.npy --target y.npy", type: "NotImplementedError")
          })
      }
      guard member == "load_data", let shapes = Self.shapes[name] else {
        return .builtin(
          Builtin(member, takesUnknown: true) { evaluator, _ in
            evaluator.unknown(nil, "the data set is not downloaded")
          })
      }
      return .builtin(
        Builtin(member, takesUnknown: true) { evaluator, arguments in
          try Self.data(shapes, arguments, isText: shapes[0].count == 1, in: evaluator)
        })
    }
  }

  private static func data(
    _ shapes: [[Int]], _ arguments: CallArguments, isText: Bool, in evaluator: Evaluator
  ) throws -> Value {
    var shapes: [[Int?]] = shapes
    // `maxlen` drops texts, `test_split` moves them: how many stay is not known.
    if isText, arguments["maxlen"].map({ !$0.isNone }) ?? false {
      shapes = shapes.map { _ in [nil] }
    }
    if let split = arguments["test_split"]?.doubleValue, let train = shapes[0].first ?? nil,
      let test = shapes[2].first ?? nil
    {
      let total = train + test
      let count = Int(exactly: (Double(total) * (1 - split)).rounded(.towardZero)) ?? train
      for (index, size) in [(0, count), (1, count), (2, total - count), (3, total - count)] {
        shapes[index][0] = size
      }
    }
    let arrays = shapes.enumerated().map { index, shape in
      Value.array(ArrayValue(shape, dtype: index % 2 == 0 && shape.count > 2 ? "uint8" : "int64"))
    }
    return try evaluator.tuple([
      try evaluator.tuple([arrays[0], arrays[1]]), try evaluator.tuple([arrays[2], arrays[3]]),
    ])
  }

  /// `keras.utils` and `keras.preprocessing`.
  func utilities(_ path: String, in evaluator: Evaluator) -> Module {
    Module("keras.\(path)") { [unowned self, unowned evaluator] name in
      if run != nil, let function = KerasUtilities.functions[name] {
        return .builtin(Builtin(name, takesUnknown: true, function))
      }
      switch name {
      case "pad_sequences":
        return .builtin(Builtin(name, takesUnknown: true) { try $0.keras.pad($1, in: $0) })
      case "to_categorical":
        return .builtin(Builtin(name, takesUnknown: true) { try $0.keras.categories($1, in: $0) })
      case "sequence", "text", "image", "np_utils", "data_utils", "vis_utils", "generic_utils",
        "layer_utils", "training_utils", "timeseries":
        return .module(utilities("\(path).\(name)", in: evaluator))
      case "set_random_seed", "plot_model", "print_summary", "custom_object_scope",
        "CustomObjectScope":
        return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
      case "register_keras_serializable":
        return .builtin(
          Builtin(name, takesUnknown: true) { _, _ in
            .builtin(
              Builtin(name, takesUnknown: true) { _, inner in inner.positional.first ?? .none })
          })
      default:
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, _ in
            evaluator.unknown(nil, "\(name) works on data")
          })
      }
    }
  }

  private func pad(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    guard let source = arguments.value(0, "sequences") else { return .none }
    let count = try evaluator.length(source)
    let length = arguments.value(1, "maxlen") ?? .none
    return evaluator.array(
      ofShape: [
        count,
        length.isNone
          ? evaluator.unknown(nil, "the longest sequence is not known") : length,
      ], dtype: "int32")
  }

  private func categories(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    guard let source = arguments.value(0, "x") ?? arguments["y"] else { return .none }
    let count =
      arguments.value(1, "num_classes") ?? arguments["nb_classes"]
      ?? evaluator.unknown(nil, "the number of classes is in the data")
    var shape: [Value] = []
    if let array = evaluator.array(from: source) {
      var sizes = array.shape
      if sizes.count > 1, sizes.last == 1 { sizes.removeLast() }
      shape = sizes.map { size in
        size.map { .int($0) } ?? evaluator.doubt(about: source)
      }
    } else {
      if let unknown = source.unknown, case .int = count {
        return evaluator.array(ofShape: [.unknown(unknown), count], dtype: "float32")
      }
      return evaluator.doubt(about: source)
    }
    return evaluator.array(ofShape: shape + [count], dtype: "float32")
  }
}
