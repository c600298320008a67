extension Evaluator {
  func match(_ subject: Value, _ cases: [MatchCase]) throws -> Flow {
    if subject.isUnknown, let unknown = subject.unknown {
      try forget(whatIsChangedIn: cases.flatMap(\.body), because: unknown)
      return .next
    }
    for item in cases {
      guard try matches(subject, item.pattern) else { continue }
      if let condition = item.condition, try truth(of: try value(of: condition)) != true {
        continue
      }
      return try run(item.body)
    }
    return .next
  }

  private func matches(_ subject: Value, _ pattern: Pattern) throws -> Bool {
    switch pattern {
    case .value(let expression): return try equal(subject, try value(of: expression)) == true
    case .singleton(.none): return subject.isNone
    case .singleton(.bool(let flag)):
      if case .bool(flag) = subject { return true }
      return false
    case .singleton: return false
    case .any(let patterns): return try patterns.contains { try matches(subject, $0) }
    case .capture(let inner, let name):
      if let inner, !(try matches(subject, inner)) { return false }
      if let name { try bind(name, to: subject) }
      return true
    case .star: return false
    case .sequence(let patterns): return try matches(subject, sequence: patterns)
    case .mapping(let members, let rest): return try matches(subject, members, rest: rest)
    case .instance(let expression, let positional, let keywords):
      guard case .type(let type) = try value(of: expression), isInstance(subject, of: type) else {
        return false
      }
      if let first = positional.first, !(try matches(subject, first)) { return false }
      for (name, pattern) in keywords {
        guard let value = try attributeIfPresent(name, of: subject), try matches(value, pattern)
        else { return false }
      }
      return true
    }
  }

  private func matches(_ subject: Value, sequence patterns: [Pattern]) throws -> Bool {
    guard let elements = subject.sequence else { return false }
    let star = patterns.firstIndex { if case .star = $0 { true } else { false } }
    guard let star else {
      guard elements.count == patterns.count else { return false }
      return try zip(elements, patterns).allSatisfy { try matches($0, $1) }
    }
    let count = elements.count - (patterns.count - 1)
    guard count >= 0 else { return false }
    for index in 0..<star where !(try matches(elements[index], patterns[index])) { return false }
    for index in (star + 1)..<patterns.count {
      guard try matches(elements[index - 1 + count], patterns[index]) else { return false }
    }
    if case .star(let name?) = patterns[star] {
      try bind(name, to: try list(Array(elements[star..<star + count])))
    }
    return true
  }

  private func matches(
    _ subject: Value, _ members: [(Expression, Pattern)], rest: String?
  ) throws -> Bool {
    guard case .dict(let dict) = subject else { return false }
    var left = dict.members
    for (expression, pattern) in members {
      guard let key = HashKey(try value(of: expression)),
        let member = left.removeValue(forKey: key),
        try matches(member.value, pattern)
      else { return false }
    }
    if let rest {
      let others = try keep(DictObject())
      others.members = left
      try bind(rest, to: .dict(others))
    }
    return true
  }
}
