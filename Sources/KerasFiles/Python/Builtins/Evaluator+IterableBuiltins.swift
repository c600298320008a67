extension Evaluator {
  /// `sorted`, `zip`, `map` and the like.
  func defineIterables(_ define: Define) {
    define("len", true) { try $0.length($1.positional.first ?? .none) }
    define("sorted", true) { evaluator, arguments in
      guard let source = arguments.positional.first else { return .none }
      guard let elements = try evaluator.elements(of: source) else {
        return evaluator.doubt(about: source)
      }
      return try evaluator.list(elements).sorted(arguments, in: evaluator)
    }
    define("reversed", true) { evaluator, arguments in
      guard let source = arguments.positional.first else { return .none }
      guard let elements = try evaluator.elements(of: source) else {
        return evaluator.doubt(about: source)
      }
      return try evaluator.iterator(elements.reversed())
    }
    define("enumerate", true) { evaluator, arguments in
      guard let source = arguments.positional.first else { return .none }
      let inner = try evaluator.iterator(over: source)
      var index = arguments.value(1, "start")?.intValue ?? 0
      return .iterator(
        try evaluator.keep(
          IteratorObject(unknown: inner.unknown) { [unowned evaluator] in
            guard let element = try inner.next() else { return nil }
            index &+= 1
            return try evaluator.tuple([.int(index - 1), element])
          }))
    }
    define("zip", true) { evaluator, arguments in
      let inner = try arguments.positional.map { try evaluator.iterator(over: $0) }
      let doubt = inner.isEmpty ? nil : inner.lazy.compactMap(\.unknown).first
      return .iterator(
        try evaluator.keep(
          IteratorObject(unknown: doubt) { [unowned evaluator] in
            if inner.isEmpty { return nil }
            var row: [Value] = []
            for iterator in inner {
              guard let element = try evaluator.nested({ try iterator.next() }) else { return nil }
              row.append(element)
            }
            return try evaluator.tuple(row)
          }))
    }
    define("map", true) { evaluator, arguments in
      guard let function = arguments.positional.first else { return .none }
      let inner = try arguments.positional.dropFirst().map { try evaluator.iterator(over: $0) }
      let doubt = inner.lazy.compactMap(\.unknown).first ?? function.unknown
      return .iterator(
        try evaluator.keep(
          IteratorObject(unknown: doubt) { [unowned evaluator] in
            var row: [Value] = []
            for iterator in inner {
              guard let element = try evaluator.nested({ try iterator.next() }) else { return nil }
              row.append(element)
            }
            return row.isEmpty ? nil : try evaluator.call(function, CallArguments(positional: row))
          }))
    }
    define("filter", true) { evaluator, arguments in
      guard arguments.positional.count == 2 else { return .none }
      let function = arguments.positional[0]
      if evaluator.isRunning {
        let inner = try evaluator.iterator(over: arguments.positional[1])
        return try evaluator.iterator { [unowned evaluator] in
          while let value = try inner.next() {
            let result =
              function.isNone
              ? value : try evaluator.call(function, CallArguments(positional: [value]))
            if try evaluator.truth(of: result) ?? false { return value }
          }
          return nil
        }
      }
      guard let elements = try evaluator.elements(of: arguments.positional[1]) else {
        return evaluator.doubt(about: arguments.positional[1])
      }
      var kept: [Value] = []
      for element in elements {
        let result =
          function.isNone
          ? element : try evaluator.call(function, CallArguments(positional: [element]))
        guard let truth = try evaluator.truth(of: result) else {
          return evaluator.doubt(about: result)
        }
        if truth { kept.append(element) }
      }
      return try evaluator.iterator(kept)
    }
    for (name, wanted) in [("any", true), ("all", false)] {
      define(name, true) { evaluator, arguments in
        if evaluator.isRunning {
          // Only as far as the answer needs: the rest may have no end.
          let iterator = try evaluator.iterator(over: arguments.positional.first ?? .none)
          while let element = try iterator.next() {
            if try evaluator.truth(of: element) == wanted { return .bool(wanted) }
          }
          return .bool(!wanted)
        }
        guard let source = arguments.positional.first,
          let elements = try evaluator.elements(of: source)
        else { return evaluator.doubt(about: arguments.positional.first ?? .none) }
        var doubt: Value?
        for element in elements {
          switch try evaluator.truth(of: element) {
          case wanted?: return .bool(wanted)
          case nil: doubt = element
          default: break
          }
        }
        return doubt.map { evaluator.doubt(about: $0) } ?? .bool(!wanted)
      }
    }
    define("iter", true) { evaluator, arguments in
      .iterator(try evaluator.iterator(over: arguments.positional.first ?? .none))
    }
    define("next", true) { evaluator, arguments in
      let source = arguments.positional.first ?? .none
      if source.isUnknown { return source }
      let iterator = try evaluator.iterator(over: source)
      if let value = try evaluator.nested({ try iterator.next() }) { return value }
      if arguments.positional.count > 1 { return arguments.positional[1] }
      throw evaluator.raise("StopIteration", "the iterator has no more elements")
    }
  }

  /// `len(value)`.
  func length(_ value: Value) throws -> Value {
    switch value {
    case .string(let text): return .int(text.unicodeScalars.count)
    case .bytes(let bytes): return .int(bytes.count)
    case .tuple(let tuple): return .int(tuple.elements.count)
    case .list(let list) where list.unknownTail == nil: return .int(list.elements.count)
    case .dict(let dict) where dict.unknownTail == nil: return .int(dict.members.count)
    case .set(let set) where set.unknownTail == nil: return .int(set.members.count)
    case .list, .dict, .set, .unknown: return doubt(about: value)
    case .range(let range): return .int(range.count)
    case .array(let array):
      guard let first = array.shape.first else {
        throw raise("TypeError", "len() of unsized object")
      }
      return first.map { .int($0) } ?? doubt(about: value)
    case .native(let object):
      if let elements = try object.elements(in: self) { return .int(elements.count) }
      if let method = try object.attribute("__len__", in: self) {
        return try call(method, CallArguments())
      }
    case .instance:
      if let method = try attributeIfPresent("__len__", of: value) {
        return try call(method, CallArguments())
      }
    default: break
    }
    throw raise("TypeError", "object of type '\(typeName(of: value))' has no len()")
  }
}

extension Value {
  /// `sorted(list, key=…, reverse=…)`; the list is a new one.
  func sorted(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    guard case .list(let list) = self else { return self }
    let key = arguments["key"].flatMap { $0.isNone ? nil : $0 }
    var rows: [(rank: Value, value: Value)] = []
    for element in list.elements {
      let rank = try key.map { try evaluator.call($0, CallArguments(positional: [element])) }
      if let unknown = (rank ?? element).unknown { return .unknown(unknown.derived(nil)) }
      rows.append((rank ?? element, element))
    }
    // Equal elements keep their order, reversed or not.
    let isReversed = try arguments["reverse"].flatMap { try evaluator.truth(of: $0) } ?? false
    if isReversed { rows.reverse() }
    var hasOrder = true
    try rows.sort { a, b in
      guard let order = try evaluator.order(a.rank, b.rank) else {
        if evaluator.isRunning, a.rank.doubleValue != nil, b.rank.doubleValue != nil {
          return false
        }
        hasOrder = false
        return false
      }
      return order < 0
    }
    guard hasOrder else {
      throw evaluator.raise("TypeError", "these elements have no order and cannot be sorted")
    }
    if isReversed { rows.reverse() }
    return try evaluator.list(rows.map(\.value))
  }
}
