import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `keras.utils` and `keras.preprocessing` of a script that is run.
enum KerasUtilities {
  nonisolated(unsafe) static let functions: [String: Builtin.Body] = [
    "to_categorical": toCategorical, "pad_sequences": padSequences, "normalize": normalize,
    "set_random_seed": setRandomSeed, "plot_model": plotModel, "model_to_dot": plotModel,
    "split_dataset": refuseData, "get_file": refuseData,
    "timeseries_dataset_from_array": refuseData, "image_dataset_from_directory": refuseData,
    "text_dataset_from_directory": refuseData, "TimeseriesGenerator": refuseData,
    "ImageDataGenerator": refuseData,
  ]

  private static func refuseData(
    _ evaluator: Evaluator, _ arguments: CallArguments
  ) throws -> Value {
    throw evaluator.fault(
      "data that is downloaded or comes batch by batch is not followed here",
      remedy: "make arrays of it: x = numpy.array([…])", type: "NotImplementedError")
  }

  private static func plotModel(
    _ evaluator: Evaluator, _ arguments: CallArguments
  ) throws -> Value {
    evaluator.warn("no picture of the model is drawn; summary() prints it")
    return .none
  }

  /// Seeds `random`, `numpy.random` and Keras.
  private static func setRandomSeed(
    _ evaluator: Evaluator, _ arguments: CallArguments
  ) throws -> Value {
    guard let value = arguments.value(0, "seed"), let seed = value.intValue else {
      throw evaluator.fault("set_random_seed() takes a whole number", type: "TypeError")
    }
    for name in ["random", "numpy.random"] {
      let module = try evaluator.module(named: name)
      guard let function = try evaluator.attributeIfPresent("seed", of: module) else { continue }
      _ = try evaluator.call(function, CallArguments(positional: [value]))
    }
    evaluator.keras.run?.setSeed(UInt64(bitPattern: Int64(seed)))
    return .none
  }

  /// Whole numbers as vectors with a 1 at their place.
  ///
  /// Source: `keras/src/utils/numerical_utils.py`.
  private static func toCategorical(
    _ evaluator: Evaluator, _ arguments: CallArguments
  ) throws -> Value {
    guard let source = arguments.value(0, "x") ?? arguments["y"] else {
      throw evaluator.fault("to_categorical() needs x", type: "TypeError")
    }
    return try evaluator.arrays {
      let labels = try evaluator.ndarray(from: source, .int64)
      var shape = labels.shape
      if shape.count > 1, shape.last == 1 { shape.removeLast() }
      let numbers = labels.ints()
      let given = try evaluator.positive(
        arguments.value(1, "num_classes") ?? arguments["nb_classes"], "num_classes")
      let largest = numbers.max() ?? 0
      guard let classes = given ?? added(largest, 1), classes > 0,
        let count = multiplied(numbers.count, classes), count <= evaluator.memoryLimit.bytes / 8
      else {
        throw evaluator.fault("to_categorical(): \(largest.grouped) classes are too many")
      }
      var values = [Double](repeating: 0, count: count)
      for (row, label) in numbers.enumerated() {
        // A negative label counts from the end, as any index of NumPy's.
        let place = label < 0 ? label + classes : label
        guard (0..<classes).contains(place) else {
          throw evaluator.raise(
            "IndexError",
            "to_categorical(): the label \(label) is out of range for \(classes) "
              + "classes", remedy: "labels count from 0 to \(classes - 1)")
        }
        values[row * classes + place] = 1
      }
      return .array(ArrayValue(NDArray(shape + [classes], floats: values)))
    }
  }

  /// Sequences cut and filled up to one length.
  ///
  /// Source: `keras/src/utils/sequence_utils.py`.
  private static func padSequences(
    _ evaluator: Evaluator, _ arguments: CallArguments
  ) throws -> Value {
    let given = try evaluator.arguments(
      arguments, of: "pad_sequences",
      parameters: ["sequences", "maxlen", "dtype", "padding", "truncating", "value"])
    guard let source = given["sequences"], let sequences = try evaluator.elements(of: source)
    else { throw evaluator.fault("pad_sequences() needs a list of sequences", type: "TypeError") }
    func side(_ key: String) throws -> Bool {
      let text = given[key]?.stringValue ?? "pre"
      guard text == "pre" || text == "post" else {
        throw evaluator.fault("\(key) is 'pre' or 'post', found '\(text)'")
      }
      return text == "pre"
    }
    let (padsBefore, cutsBefore) = (try side("padding"), try side("truncating"))
    return try evaluator.arrays {
      let dtype = try given["dtype"].map { try evaluator.dtype(from: $0) } ?? .int32
      let rows = try sequences.map { sequence -> NDArray in
        guard let elements = try evaluator.elements(of: sequence) else {
          throw evaluator.fault(
            "pad_sequences(): a sequence is a '\(evaluator.typeName(of: sequence))', not a list")
        }
        return try evaluator.ndarray(from: try evaluator.list(elements), dtype)
      }
      let length =
        try evaluator.positive(given["maxlen"], "maxlen")
        ?? rows.map { $0.shape[0] }.max() ?? 0
      let sample = rows.first { $0.shape[0] > 0 }.map { Array($0.shape.dropFirst()) } ?? []
      let each = sample.reduce(1, *)
      let fill = try given["value"].flatMap { try evaluator.number(from: $0) } ?? 0
      guard let size = multiplied(length, each), let count = multiplied(size, rows.count),
        count <= evaluator.memoryLimit.bytes / 8
      else { throw evaluator.fault("pad_sequences(): \(length.grouped) positions are too many") }
      var values = [Double](
        repeating: dtype.isFloat ? fill : Double(dtype.integer(fill)),
        count: count)
      for (index, row) in rows.enumerated() where row.shape[0] > 0 {
        guard Array(row.shape.dropFirst()) == sample else {
          throw evaluator.fault("pad_sequences(): sequence \(index) has samples of another shape")
        }
        let kept = min(row.shape[0], length)
        let numbers = try row.doubles()
        let from = cutsBefore ? (row.shape[0] - kept) * each : 0
        let to = index * size + (padsBefore ? (length - kept) * each : 0)
        for place in 0..<kept * each { values[to + place] = numbers[from + place] }
      }
      let shape = [rows.count, length] + sample
      return .array(
        ArrayValue(
          dtype.kind == .int
            ? NDArray(shape, ints: values.map { dtype.integer($0) }, dtype)
            : NDArray(shape, floats: values, dtype)))
    }
  }

  /// Rows divided by their length.
  private static func normalize(
    _ evaluator: Evaluator, _ arguments: CallArguments
  ) throws -> Value {
    guard let source = arguments.value(0, "x") else {
      throw evaluator.fault("normalize() needs x", type: "TypeError")
    }
    return try evaluator.arrays {
      let array = try evaluator.ndarray(from: source)
      let order = try arguments.value(2, "order").flatMap { try evaluator.number(from: $0) } ?? 2
      let axis = try array.axis(arguments.value(1, "axis")?.intValue ?? -1)
      let numbers = try array.doubles()
      let size = array.shape[axis]
      let inner = array.shape[(axis + 1)...].reduce(1, *)
      let outer = array.shape[..<axis].reduce(1, *)
      var values = numbers
      for row in 0..<outer {
        for column in 0..<inner {
          let places = (0..<size).map { (row * size + $0) * inner + column }
          let sum = places.reduce(0.0) { $0 + power(abs(numbers[$1]), order) }
          let norm =
            order.isInfinite
            ? places.map { abs(numbers[$0]) }.max() ?? 0
            : power(sum, 1 / order)
          if norm != 0 { for place in places { values[place] = numbers[place] / norm } }
        }
      }
      return .array(ArrayValue(NDArray(array.shape, floats: values, array.dtype.floating)))
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    exponent == 2 ? base * base : exponent == 0.5 ? base.squareRoot() : pow(base, exponent)
  }
}
