/// The methods of `str`; the text is the first argument.
enum StringMethods {
  static func method(_ name: String) -> Builtin.Body? {
    if let body = bodies[name] {
      return { evaluator, arguments in
        if let unknown = arguments.firstUnknown { return .unknown(unknown.derived(nil)) }
        guard let text = arguments.positional.first?.stringValue else { return .none }
        let values = Array(arguments.positional.dropFirst())
        try evaluator.charge(text: text.utf8.count)
        return try body(evaluator, text, values, arguments)
      }
    }
    if let test = tests[name] {
      return { _, arguments in
        let text = arguments.positional.first?.stringValue ?? ""
        return .bool(!text.isEmpty && text.allSatisfy(test))
      }
    }
    return nil
  }

  static func bytesMethod(_ name: String) -> Builtin.Body? {
    guard name == "decode" else { return nil }
    return { _, arguments in
      guard case .bytes(let bytes)? = arguments.positional.first else { return .none }
      return .string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private typealias Body = (Evaluator, String, [Value], CallArguments) throws -> Value

  nonisolated(unsafe) private static let tests: [String: (Character) -> Bool] = [
    "isdigit": { $0.isNumber }, "isnumeric": { $0.isNumber }, "isdecimal": { $0.isNumber },
    "isalpha": { $0.isLetter }, "isalnum": { $0.isLetter || $0.isNumber },
    "isspace": { $0.isWhitespace }, "isupper": { !$0.isLowercase },
    "islower": { !$0.isUppercase },
  ]

  nonisolated(unsafe) private static let bodies: [String: Body] = [
    "lower": { _, text, _, _ in .string(text.lowercased()) },
    "upper": { _, text, _, _ in .string(text.uppercased()) },
    "casefold": { _, text, _, _ in .string(text.lowercased()) },
    "capitalize": { _, text, _, _ in
      .string(text.prefix(1).uppercased() + text.dropFirst().lowercased())
    },
    "title": { _, text, _, _ in
      var isStart = true
      return .string(
        String(
          text.flatMap { character -> String in
            let shown = isStart ? character.uppercased() : character.lowercased()
            isStart = !character.isLetter
            return shown
          }))
    },
    "strip": { _, text, values, _ in .string(strip(text, values, left: true, right: true)) },
    "lstrip": { _, text, values, _ in .string(strip(text, values, left: true, right: false)) },
    "rstrip": { _, text, values, _ in .string(strip(text, values, left: false, right: true)) },
    "startswith": { _, text, values, _ in .bool(matches(values) { text.hasPrefix($0) }) },
    "endswith": { _, text, values, _ in .bool(matches(values) { text.hasSuffix($0) }) },
    "replace": { evaluator, text, values, _ in
      guard values.count >= 2, let old = values[0].stringValue, let new = values[1].stringValue
      else { throw evaluator.raise("TypeError", "replace() takes two texts") }
      guard !old.isEmpty else { return evaluator.unknown(nil, "replace('') is not evaluated") }
      let parts = text.split(separator: old, omittingEmptySubsequences: false)
      try evaluator.charge(
        text: (parts.count - 1).multipliedReportingOverflow(by: new.utf8.count).partialValue)
      return .string(parts.joined(separator: new))
    },
    "split": { evaluator, text, values, arguments in
      try evaluator.list(try split(evaluator, text, values, arguments).map { .string($0) })
    },
    "rsplit": { evaluator, text, values, arguments in
      let separator = values.first?.stringValue ?? arguments["sep"]?.stringValue
      guard let separator, (values.dropFirst().first ?? arguments["maxsplit"])?.intValue == 1,
        let range = text.ranges(of: separator).last
      else {
        return try evaluator.list(try split(evaluator, text, values, arguments).map { .string($0) })
      }
      return try evaluator.list([
        .string(String(text[..<range.lowerBound])), .string(String(text[range.upperBound...])),
      ])
    },
    "splitlines": { evaluator, text, _, _ in
      var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      if lines.last?.isEmpty ?? false { lines.removeLast() }
      return try evaluator.list(lines.map { .string(String($0)) })
    },
    "join": { evaluator, text, values, _ in
      guard let source = values.first, let parts = try evaluator.elements(of: source) else {
        return evaluator.doubt(about: values.first ?? .none)
      }
      var strings: [String] = []
      var size = 0
      for part in parts {
        if let unknown = part.unknown { return .unknown(unknown.derived(nil)) }
        guard let string = part.stringValue else {
          throw evaluator.raise("TypeError", "join() takes texts only")
        }
        size += string.utf8.count + text.utf8.count
        strings.append(string)
      }
      try evaluator.charge(text: size)
      return .string(strings.joined(separator: text))
    },
    "find": { _, text, values, _ in .int(position(text, values) ?? -1) },
    "index": { evaluator, text, values, _ in
      guard let place = position(text, values) else {
        throw evaluator.raise("ValueError", "substring not found")
      }
      return .int(place)
    },
    "count": { _, text, values, _ in
      guard let part = values.first?.stringValue, !part.isEmpty else { return .int(0) }
      return .int(text.split(separator: part, omittingEmptySubsequences: false).count - 1)
    },
    "zfill": { evaluator, text, values, _ in
      try padded(evaluator, text, values, fill: "0", atEnd: false)
    },
    "ljust": { evaluator, text, values, _ in
      try padded(evaluator, text, values, fill: " ", atEnd: true)
    },
    "rjust": { evaluator, text, values, _ in
      try padded(evaluator, text, values, fill: " ", atEnd: false)
    },
    "center": { evaluator, text, values, _ in
      let missing = max(0, (values.first?.intValue ?? 0) - text.count)
      try evaluator.charge(text: missing)
      let fill = values.dropFirst().first?.stringValue ?? " "
      // An odd blank goes to the left where the width is odd.
      let width = text.count + missing
      let left = missing / 2 + (missing & width & 1)
      return .string(
        String(repeating: fill, count: left) + text + String(repeating: fill, count: missing - left)
      )
    },
    "swapcase": { _, text, _, _ in
      .string(
        String(text.flatMap { $0.isUppercase ? $0.lowercased() : $0.uppercased() }))
    },
    "rfind": { _, text, values, _ in
      guard let part = values.first?.stringValue else { return .int(-1) }
      guard let range = text.ranges(of: part).last else { return .int(-1) }
      return .int(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound))
    },
    "removeprefix": { _, text, values, _ in
      let part = values.first?.stringValue ?? ""
      return .string(text.hasPrefix(part) ? String(text.dropFirst(part.count)) : text)
    },
    "removesuffix": { _, text, values, _ in
      let part = values.first?.stringValue ?? ""
      return .string(text.hasSuffix(part) ? String(text.dropLast(part.count)) : text)
    },
    "rpartition": { evaluator, text, values, _ in
      guard let separator = values.first?.stringValue, !separator.isEmpty,
        let range = text.ranges(of: separator).last
      else { return try evaluator.tuple([.string(""), .string(""), .string(text)]) }
      return try evaluator.tuple([
        .string(String(text[..<range.lowerBound])), .string(separator),
        .string(String(text[range.upperBound...])),
      ])
    },
    "expandtabs": { _, text, _, _ in .string(text.replacing("\t", with: "        ")) },
    "encode": { _, text, _, _ in .bytes(Array(text.utf8)) },
    "format": { evaluator, text, values, arguments in
      try evaluator.format(template: text, values, arguments)
    },
    "translate": { evaluator, _, _, _ in evaluator.unknown(nil, "translate() is not evaluated") },
    "partition": { evaluator, text, values, _ in
      guard let separator = values.first?.stringValue, let range = text.firstRange(of: separator)
      else { return try evaluator.tuple([.string(text), .string(""), .string("")]) }
      return try evaluator.tuple([
        .string(String(text[..<range.lowerBound])), .string(separator),
        .string(String(text[range.upperBound...])),
      ])
    },
  ]

  private static func strip(
    _ text: String, _ values: [Value], left: Bool, right: Bool
  ) -> String {
    let characters = values.first?.stringValue.map(Set.init)
    func isStripped(_ character: Character) -> Bool {
      characters?.contains(character) ?? character.isWhitespace
    }
    var rest = Substring(text)
    if left { rest = rest.drop(while: isStripped) }
    while right, let last = rest.last, isStripped(last) { rest.removeLast() }
    return String(rest)
  }

  private static func matches(_ values: [Value], _ test: (String) -> Bool) -> Bool {
    switch values.first {
    case .string(let text)?: test(text)
    case .tuple(let tuple)?: tuple.elements.compactMap(\.stringValue).contains(where: test)
    default: false
    }
  }

  private static func split(
    _ evaluator: Evaluator, _ text: String, _ values: [Value], _ arguments: CallArguments
  ) throws -> [String] {
    let limit = (values.dropFirst().first ?? arguments["maxsplit"])?.intValue ?? -1
    let count = limit < 0 ? Int.max : limit
    try evaluator.charge(text.utf8.count)
    guard let separator = values.first?.stringValue ?? arguments["sep"]?.stringValue else {
      return text.split(maxSplits: count) { $0.isWhitespace }.map(String.init)
    }
    guard !separator.isEmpty else { throw evaluator.raise("ValueError", "empty separator") }
    return text.split(separator: separator, maxSplits: count, omittingEmptySubsequences: false)
      .map(String.init)
  }

  private static func position(_ text: String, _ values: [Value]) -> Int? {
    guard let part = values.first?.stringValue, let range = text.firstRange(of: part) else {
      return nil
    }
    return text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
  }

  private static func padded(
    _ evaluator: Evaluator, _ text: String, _ values: [Value], fill: Character, atEnd: Bool
  ) throws -> Value {
    let width = values.first?.intValue ?? 0
    let missing = width - text.count
    guard missing > 0 else { return .string(text) }
    try evaluator.charge(text: missing)
    let filling = String(
      repeating: values.dropFirst().first?.stringValue?.first ?? fill, count: missing)
    if fill == "0", let sign = text.first, "+-".contains(sign) {
      return .string(String(sign) + filling + text.dropFirst())
    }
    return .string(atEnd ? text + filling : filling + text)
  }
}

extension Evaluator {
  /// `"…{}…".format(…)`.
  fileprivate func format(
    template: String, _ values: [Value], _ arguments: CallArguments
  ) throws -> Value {
    var result = ""
    var next = 0
    var rest = Substring(template)
    while let mark = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      result += rest[..<mark]
      let bracket = rest[mark]
      rest = rest[rest.index(after: mark)...]
      if rest.first == bracket {
        result.append(bracket)
        rest.removeFirst()
        continue
      }
      guard bracket == "{", let end = rest.firstIndex(of: "}") else {
        throw raise("ValueError", "a brace stands alone in the format string")
      }
      let field = rest[..<end]
      rest = rest[rest.index(after: end)...]
      let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      var name = String(parts.first ?? "")
      if let conversion = name.firstIndex(of: "!") { name = String(name[..<conversion]) }
      let path = name.split(separator: ".").map(String.init)
      let key = path.first?.split(separator: "[").first.map(String.init) ?? ""
      var value: Value?
      if key.isEmpty {
        value = next < values.count ? values[next] : nil
        next += 1
      } else if let index = Int(key) {
        value = values.indices.contains(index) ? values[index] : nil
      } else {
        value = arguments[key]
      }
      for attribute in path.dropFirst() {
        value = try value.flatMap { try attributeIfPresent(attribute, of: $0) }
      }
      guard let value else { throw raise("IndexError", "the format string lacks an argument") }
      if let unknown = value.unknown { return .unknown(unknown.derived(nil)) }
      result += try format(value, parts.count > 1 ? String(parts[1]) : "")
    }
    result += rest
    try charge(text: result.utf8.count)
    return .string(result)
  }
}
