extension NumPyFunctions {
  // MARK: Order

  nonisolated(unsafe) static let ordering: [String: Body] = [
    "sort": { call in
      let array = try call.array(0, "a")
      let axis = call.arguments.value(1, "axis")
      return .numbers(
        try array.sorted(axis: axis.map(\.isNone) == true ? nil : axis?.intValue ?? -1))
    },
    "argsort": { call in
      let array = try call.array(0, "a")
      let axis = call.arguments.value(1, "axis")
      return .numbers(
        try array.sortingOrder(axis: axis.map(\.isNone) == true ? nil : axis?.intValue ?? -1))
    },
    "unique": { call in
      let found = try call.array(0, "ar").unique()
      var results = [Value.numbers(found.values)]
      for (index, keyword, array) in [
        (1, "return_index", found.firsts), (2, "return_inverse", found.inverse),
        (3, "return_counts", found.counts),
      ] where try call.flag(index, keyword) ?? false {
        results.append(.array(ArrayValue(array)))
      }
      return results.count == 1 ? results[0] : try call.evaluator.tuple(results)
    },
    "searchsorted": { call in
      let array = try call.array(0, "a")
      let isRight = call.value(2, "side")?.stringValue == "right"
      return .numbers(try array.insertionPlaces(of: try call.array(1, "v"), isRight: isRight))
    },
    "digitize": { call in
      let bins = try call.array(1, "bins")
      let isRight = try call.flag(2, "right") ?? false
      return .numbers(try bins.insertionPlaces(of: try call.array(0, "x"), isRight: !isRight))
    },
    "bincount": { call in
      let numbers = try call.array(0, "x").integers()
      guard numbers.allSatisfy({ $0 >= 0 }) else {
        throw ArrayProblem("ValueError", "'list' argument must have no negative elements")
      }
      let size = max(try call.int(2, "minlength") ?? 0, (numbers.max() ?? -1) + 1)
      try NDArray.checkedCount([size])
      if let weights = call.value(1, "weights") {
        let scale = try call.evaluator.ndarray(from: weights).doubles()
        guard scale.count == numbers.count else {
          throw ArrayProblem("ValueError", "The weights and list don't have the same length.")
        }
        var sums = Array(repeating: 0.0, count: size)
        for (number, weight) in zip(numbers, scale) { sums[number] += weight }
        return .numbers(NDArray([size], floats: sums))
      }
      var counts = Array(repeating: 0, count: size)
      for number in numbers { counts[number] += 1 }
      return .array(ArrayValue(NDArray([size], ints: counts)))
    },
    "nonzero": { call in
      try call.evaluator.tuple(
        try call.array(0, "a").nonzero().map { .array(ArrayValue($0)) })
    },
    "flatnonzero": { call in
      let array = try call.array(0, "a")
      return .array(ArrayValue(array.reshapedCopy([array.count]).nonzero()[0]))
    },
    "argwhere": { call in
      let array = try call.array(0, "a")
      return .array(ArrayValue(try NDArray.stacked(array.nonzero(), axis: 1)))
    },
    "where": { call in
      let condition = try call.array(0, "condition")
      guard call.arguments.positional.count > 1 || call.value(1, "x") != nil else {
        return try call.evaluator.tuple(condition.nonzero().map { .array(ArrayValue($0)) })
      }
      return .numbers(
        try chosen(condition, try call.operand(1, "x"), try call.operand(2, "y")))
    },
    "isin": { call in
      let array = try call.array(0, "element")
      let tests = Set(try call.array(1, "test_elements").values().compactMap { HashKey($0) })
      let isInverted = try call.flag(.max, "invert") ?? false
      let flags = array.values().map { value in
        (HashKey(value).map(tests.contains) ?? false) != isInverted ? 1 : 0
      }
      return .numbers(NDArray(array.shape, ints: flags, .bool))
    },
  ]

  /// Elements of one array where a condition holds, of another elsewhere.
  private static func chosen(
    _ condition: NDArray, _ x: Operand, _ y: Operand
  ) throws(ArrayProblem) -> NDArray {
    let shape = try NDArray.broadcastShape(of: [condition, x.array, y.array])
    try NDArray.checkedCount(shape)
    let type = try Operand.commonType(x, y)
    guard let flags = condition.broadcast(to: shape)?.truths(),
      let a = x.array.broadcast(to: shape), let b = y.array.broadcast(to: shape)
    else { throw NDArray.mismatch([condition.shape, x.array.shape, y.array.shape]) }
    func pick<Element>(_ first: [Element], _ second: [Element]) -> [Element] {
      flags.indices.map { flags[$0] ? first[$0] : second[$0] }
    }
    switch type.kind {
    case .int: return NDArray(shape, ints: pick(try a.integers(type), try b.integers(type)), type)
    case .float:
      return NDArray(
        shape, floats: NDArray.rounded(pick(try a.doubles(), try b.doubles()), type), type)
    case .object:
      return NDArray(
        shape, objects: pick(a.values().map(\.unscaled), b.values().map(\.unscaled)), type)
    }
  }
}
