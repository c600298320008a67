extension Evaluator {
  /// `itertools` in a run: nothing is worked out before it is asked for.
  func runningItertoolsModule() -> Module {
    let reading = itertoolsModule()
    return Module("itertools") { [unowned self] name in
      switch name {
      case "chain": return .native(ChainObject())
      case "islice": return lazy(name) { try $0.slice($1) }
      case "takewhile", "dropwhile", "filterfalse", "starmap", "accumulate", "pairwise", "cycle",
        "repeat", "compress":
        return lazy(name) { try $0.walk(name, $1) }
      case "zip_longest": return lazy(name) { try $0.zipLongest($1) }
      case "combinations", "permutations", "combinations_with_replacement":
        return lazy(name) { try $0.selections(name, $1) }
      case "groupby": return lazy(name) { try $0.groups($1) }
      case "tee":
        return lazy(name) { evaluator, arguments in
          let values = try evaluator.elements(of: arguments.positional.first ?? .none) ?? []
          let count = min(max(arguments.value(1, "n")?.intValue ?? 2, 0), 1_000)
          return try evaluator.tuple((0..<count).map { _ in try evaluator.iterator(values) })
        }
      case "count":
        return lazy(name) { evaluator, arguments in
          var next = arguments.value(0, "start") ?? .int(0)
          let step = arguments.value(1, "step") ?? .int(1)
          return try evaluator.iterator { [unowned evaluator] in
            try evaluator.step()
            defer { next = (try? evaluator.binary(.add, next, step)) ?? next }
            return next
          }
        }
      default: return reading[name]
      }
    }
  }

  private func lazy(_ name: String, _ body: @escaping Builtin.Body) -> Value {
    .builtin(Builtin("itertools.\(name)", body))
  }

  /// An iterator of its own.
  func iterator(_ next: @escaping () throws -> Value?) throws -> Value {
    .iterator(try keep(IteratorObject(next)))
  }

  private func slice(_ arguments: CallArguments) throws -> Value {
    let inner = try iterator(over: arguments.positional.first ?? .none)
    let bounds = arguments.positional.dropFirst().map(\.intValue)
    let start = bounds.count > 1 ? bounds[0] ?? 0 : 0
    let stop = bounds.count > 1 ? bounds[1] : bounds.first ?? nil
    let step = bounds.count > 2 ? bounds[2] ?? 1 : 1
    guard start >= 0, stop ?? 0 >= 0, step > 0 else {
      throw raise("ValueError", "islice() takes whole numbers from 0 on")
    }
    var position = 0
    var wanted = start
    return try iterator { [unowned self] in
      while stop.map({ wanted < $0 }) ?? true {
        try self.step()
        guard let value = try inner.next() else { return nil }
        position += 1
        guard position > wanted else { continue }
        let sum = wanted.addingReportingOverflow(step)
        wanted = sum.overflow ? .max : sum.partialValue
        return value
      }
      return nil
    }
  }

  private func walk(_ name: String, _ arguments: CallArguments) throws -> Value {
    let given = arguments.positional
    func applied(_ function: Value, _ values: Value...) throws -> Value {
      try call(function, CallArguments(positional: values))
    }
    switch name {
    case "repeat":
      var left = arguments.value(1, "times")?.intValue
      return try iterator { [unowned self] in
        try step()
        if let count = left {
          guard count > 0 else { return nil }
          left = count - 1
        }
        return given.first ?? Value.none
      }
    case "cycle":
      let values = try elements(of: given.first ?? .none) ?? []
      var index = -1
      return try iterator { [unowned self] in
        try step()
        guard !values.isEmpty else { return nil }
        index = (index + 1) % values.count
        return values[index]
      }
    case "accumulate":
      let inner = try iterator(over: given.first ?? .none)
      let function = arguments.value(1, "func").flatMap { $0.isNone ? nil : $0 }
      var total = arguments["initial"].flatMap { $0.isNone ? nil : $0 }
      var isFirst = total != nil
      return try iterator { [unowned self] in
        if isFirst {
          isFirst = false
          return total
        }
        guard let value = try inner.next() else { return nil }
        if let sum = total {
          total = try function.map { try applied($0, sum, value) } ?? binary(.add, sum, value)
        } else {
          total = value
        }
        return total
      }
    case "pairwise":
      let inner = try iterator(over: given.first ?? .none)
      var previous = try inner.next()
      return try iterator { [unowned self] in
        guard let first = previous, let second = try inner.next() else { return nil }
        previous = second
        return try tuple([first, second])
      }
    default: break
    }
    guard given.count == 2 else { throw raise("TypeError", "\(name)() takes two arguments") }
    if name == "compress" {
      let (data, flags) = (try iterator(over: given[0]), try iterator(over: given[1]))
      return try iterator { [unowned self] in
        while let value = try data.next(), let flag = try flags.next() {
          if try truth(of: flag) ?? false { return value }
        }
        return nil
      }
    }
    let inner = try iterator(over: given[1])
    var isOpen = name == "dropwhile"
    return try iterator { [unowned self] in
      while let value = try inner.next() {
        try step()
        switch name {
        case "starmap":
          return try call(
            given[0], CallArguments(positional: try elements(of: value) ?? []))
        case "takewhile":
          guard !isOpen, try truth(of: try applied(given[0], value)) ?? false else {
            isOpen = true
            return nil
          }
          return value
        case "dropwhile":
          if isOpen, try truth(of: try applied(given[0], value)) ?? false { continue }
          isOpen = false
          return value
        default:
          let test = given[0].isNone ? value : try applied(given[0], value)
          if try truth(of: test) != true { return value }
        }
      }
      return nil
    }
  }

  private func zipLongest(_ arguments: CallArguments) throws -> Value {
    let inner = try arguments.positional.map { try iterator(over: $0) }
    let filling = arguments["fillvalue"] ?? .none
    return try iterator { [unowned self] in
      let row = try inner.map { try $0.next() }
      guard row.contains(where: { $0 != nil }) else { return nil }
      return try tuple(row.map { $0 ?? filling })
    }
  }

  private func selections(_ name: String, _ arguments: CallArguments) throws -> Value {
    let pool = try elements(of: arguments.positional.first ?? .none) ?? []
    let count = arguments.value(1, "r")?.intValue ?? pool.count
    guard count >= 0 else { throw raise("ValueError", "r must be non-negative") }
    let repeats = name == "combinations_with_replacement"
    let isOrdered = name == "permutations"
    if count > pool.count, !repeats || pool.isEmpty { return try iterator([]) }
    // Positions in lexicographic order; the next ones are found from the last.
    var places: [Int]? =
      repeats ? Array(repeating: 0, count: count) : Array(0..<count)
    func advance(_ current: [Int]) -> [Int]? {
      var next = current
      for index in (0..<count).reversed() {
        if isOrdered {
          let used = Set(next[..<index])
          guard
            let larger = (next[index] + 1..<max(pool.count, next[index] + 1)).first(where: {
              !used.contains($0)
            })
          else { continue }
          next[index] = larger
          var rest = (0..<pool.count).filter { place in !next[...index].contains(place) }[...]
          for later in index + 1..<max(count, index + 1) { next[later] = rest.removeFirst() }
          return next
        }
        let limit = repeats ? pool.count - 1 : pool.count - count + index
        guard next[index] < limit else { continue }
        next[index] += 1
        for later in index + 1..<max(count, index + 1) {
          next[later] = repeats ? next[index] : next[later - 1] + 1
        }
        return next
      }
      return nil
    }
    return try iterator { [unowned self] in
      guard let current = places else { return nil }
      try step()
      places = advance(current)
      return try tuple(current.map { pool[$0] })
    }
  }

  private func groups(_ arguments: CallArguments) throws -> Value {
    let inner = try iterator(over: arguments.positional.first ?? .none)
    let key = arguments.value(1, "key").flatMap { $0.isNone ? nil : $0 }
    func rank(_ value: Value) throws -> Value {
      try key.map { try call($0, CallArguments(positional: [value])) } ?? value
    }
    var pending = try inner.next()
    return try iterator { [unowned self] in
      guard let first = pending else { return nil }
      let name = try rank(first)
      var members = [first]
      pending = nil
      while let value = try inner.next() {
        guard try equal(try rank(value), name) ?? false else {
          pending = value
          break
        }
        try charge(1)
        members.append(value)
      }
      return try tuple([name, try iterator(members)])
    }
  }
}

/// `itertools.chain`, which is a function and has `from_iterable`.
private final class ChainObject: NativeObject {
  var typeName: String { "chain" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    guard name == "from_iterable" else { return nil }
    return .builtin(
      Builtin("chain.from_iterable") { evaluator, arguments in
        try self.chained(
          try evaluator.iterator(over: arguments.positional.first ?? .none), in: evaluator)
      })
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    try chained(IteratorObject(arguments.positional), in: evaluator)
  }

  private func chained(_ sources: IteratorObject, in evaluator: Evaluator) throws -> Value {
    var current: IteratorObject?
    return try evaluator.iterator { [unowned evaluator] in
      while true {
        if let value = try current?.next() { return value }
        guard let next = try sources.next() else { return nil }
        current = try evaluator.iterator(over: next)
      }
    }
  }
}
