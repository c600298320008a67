#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Evaluator {
  /// `statistics`.
  func statisticsModule() -> Module {
    func function(_ name: String, _ body: @escaping ([Double]) -> Double) -> (String, Value) {
      (
        name,
        .builtin(
          Builtin("statistics.\(name)") { evaluator, arguments in
            let source = arguments.positional.first ?? .none
            let values = try evaluator.elements(of: source) ?? []
            let numbers = try evaluator.arrays { try values.map { try evaluator.double(from: $0) } }
            guard numbers.count > (name.hasSuffix("dev") || name == "variance" ? 1 : 0) else {
              throw evaluator.raise(
                "ValueError", "\(name) requires at least one data point")
            }
            let result = body(numbers)
            let isWhole = values.allSatisfy { $0.intValue != nil }
            // Whole numbers stay whole where the result is.
            if isWhole, ["mean", "median", "median_low", "median_high", "mode"].contains(name),
              let whole = Int(exactly: result), name != "median" || values.count % 2 == 1
            {
              return .int(whole)
            }
            return .float(result)
          })
      )
    }
    func mean(_ numbers: [Double]) -> Double {
      MathFunctions.exactSum(numbers) / Double(numbers.count)
    }
    func variance(_ numbers: [Double], _ count: Int) -> Double {
      let center = mean(numbers)
      let rest = numbers.map { $0 - center }
      // What the mean lost to rounding is taken off again.
      let squares = MathFunctions.exactSum(
        rest.flatMap { [$0 * $0, ($0 * $0 * -1).addingProduct($0, $0)] })
      let drift = MathFunctions.exactSum(rest)
      return (squares - drift * drift / Double(numbers.count)) / Double(count)
    }
    func middle(_ numbers: [Double], _ places: (Int) -> (Int, Int)) -> Double {
      let sorted = numbers.sorted()
      let (a, b) = places(sorted.count)
      return a == b ? sorted[a] : (sorted[a] + sorted[b]) / 2
    }
    return Module(
      "statistics",
      Dictionary(
        uniqueKeysWithValues: [
          function("mean", mean), function("fmean", mean),
          function("variance") { variance($0, $0.count - 1) },
          function("pvariance") { variance($0, $0.count) },
          function("stdev") { variance($0, $0.count - 1).squareRoot() },
          function("pstdev") { variance($0, $0.count).squareRoot() },
          function("median") { middle($0) { (($0 - 1) / 2, $0 / 2) } },
          function("median_low") { middle($0) { (($0 - 1) / 2, ($0 - 1) / 2) } },
          function("median_high") { middle($0) { ($0 / 2, $0 / 2) } },
          function("mode") { numbers in
            var counts: [Double: Int] = [:]
            for number in numbers { counts[number, default: 0] += 1 }
            let most = counts.values.max() ?? 0
            return numbers.first { counts[$0] == most } ?? 0
          },
        ]))
  }

  /// `bisect`, `heapq` and `operator`, as far as scripts that train use them.
  func toolModule(_ name: String) -> Module {
    Module(name) { member in
      switch (name, member) {
      case ("bisect", "bisect"), ("bisect", "bisect_right"), ("bisect", "bisect_left"):
        return .builtin(
          Builtin(member) { .int(try $0.insertionPlace($1, isLeft: member.hasSuffix("left"))) })
      case ("operator", "itemgetter"):
        return .builtin(
          Builtin(member) { _, keys in
            .builtin(
              Builtin(member) { evaluator, arguments in
                let object = arguments.positional.first ?? .none
                let items = try keys.positional.map { try evaluator.item($0, of: object) }
                return items.count == 1 ? items[0] : try evaluator.tuple(items)
              })
          })
      case ("operator", "attrgetter"):
        return .builtin(
          Builtin(member) { _, keys in
            .builtin(
              Builtin(member) { evaluator, arguments in
                let name = keys.positional.first?.stringValue ?? ""
                guard
                  let value = try evaluator.attributeIfPresent(
                    name, of: arguments.positional.first ?? .none)
                else { throw evaluator.raise("AttributeError", "there is no attribute '\(name)'") }
                return value
              })
          })
      case ("operator", _):
        let symbols: [String: BinaryOperator] = [
          "add": .add, "sub": .subtract, "mul": .multiply, "truediv": .divide,
          "floordiv": .floorDivide, "mod": .modulo, "pow": .power, "matmul": .matrixMultiply,
          "and_": .bitAnd, "or_": .bitOr, "xor": .bitXor,
        ]
        return symbols[member].map { symbol in
          .builtin(
            Builtin(member) { evaluator, arguments in
              guard arguments.positional.count == 2 else {
                throw evaluator.raise("TypeError", "\(member) expected 2 arguments")
              }
              return try evaluator.binary(
                symbol, arguments.positional[0], arguments.positional[1])
            })
        }
      case ("heapq", "nlargest"), ("heapq", "nsmallest"):
        return .builtin(
          Builtin(member) { evaluator, arguments in
            let count = arguments.positional.first?.intValue ?? 0
            let source = arguments.value(1, "iterable") ?? .none
            var options = CallArguments()
            options.keywords = arguments.keywords.filter { $0.name == "key" }
            options.keywords.append(("reverse", .bool(member == "nlargest")))
            let all = try evaluator.list(try evaluator.elements(of: source) ?? [])
            guard case .list(let sorted) = try all.sorted(options, in: evaluator) else {
              return all
            }
            return try evaluator.list(Array(sorted.elements.prefix(max(0, count))))
          })
      case ("heapq", "heappush"), ("heapq", "heappop"), ("heapq", "heapify"):
        return .builtin(Builtin(member) { try $0.heap(member, $1) })
      default: return nil
      }
    }
  }

  private func insertionPlace(_ arguments: CallArguments, isLeft: Bool) throws -> Int {
    let elements = try elements(of: arguments.positional.first ?? .none) ?? []
    let value = arguments.value(1, "x") ?? .none
    var (low, high) = (0, elements.count)
    while low < high {
      let middle = (low + high) / 2
      guard let order = try order(elements[middle], value) else {
        throw raise("TypeError", "these elements have no order")
      }
      if isLeft ? order < 0 : order <= 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A heap kept as a sorted list: the same order of what is popped.
  private func heap(_ name: String, _ arguments: CallArguments) throws -> Value {
    guard case .list(let list)? = arguments.positional.first else {
      throw raise("TypeError", "heap argument must be a list")
    }
    switch name {
    case "heappush":
      try charge(1)
      let place = try insertionPlace(arguments, isLeft: false)
      list.elements.insert(arguments.value(1, "item") ?? .none, at: place)
      return .none
    case "heappop":
      guard !list.elements.isEmpty else { throw raise("IndexError", "index out of range") }
      return list.elements.removeFirst()
    default:
      if case .list(let sorted) = try Value.list(list).sorted(CallArguments(), in: self) {
        list.elements = sorted.elements
      }
      return .none
    }
  }
}
