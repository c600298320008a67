import Neural

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension Value {
  /// A number as a format takes it: NumPy's and truth values as Python's own numbers.
  fileprivate var formattable: Value {
    switch self {
    case .scalar(let scalar): scalar.pythonValue.formattable
    case .bool(let flag): .int(flag ? 1 : 0)
    default: self
    }
  }
}

extension Evaluator {
  func formatted(_ parts: [FormattedPart]) throws -> Value {
    var text = ""
    var doubt: Unknown?
    for part in parts {
      switch part {
      case .text(let plain): text += plain
      case .value(let expression, let conversion, let format):
        let value = try value(of: expression)
        guard case .string(let specification) = try formatted(format) else { continue }
        if let unknown = value.unknown {
          if isRunning { throw needed(unknown) }
          doubt = doubt ?? unknown
        } else if let conversion {
          let shown = conversion == "s" ? string(of: value) : representation(of: value)
          text += try self.format(.string(shown), specification)
        } else {
          text += try self.format(value, specification)
        }
      }
      try charge(text: text.utf8.count)
    }
    if let doubt { return .unknown(doubt) }
    return .string(text)
  }

  /// A value in a format such as `03d`, `>10`, `.2f`, `,`.
  func format(_ value: Value, _ specification: String) throws -> String {
    if specification.isEmpty { return isRunning ? try text(of: value) : string(of: value) }
    let format = FormatSpecification(specification)
    if isRunning { try format.check(value, specification, in: self) }
    let value = value.formattable
    guard format.width ?? 0 <= 10_000, format.precision ?? 0 <= 1_000 else {
      throw raise("ValueError", "the format is wider than 10000 characters")
    }
    return format.pad(format.body(of: value, in: self), isNumber: value.doubleValue != nil)
  }

  /// `"…%d…" % values`.
  func formatPercent(_ template: String, _ operand: Value) throws -> Value {
    if let unknown = operand.unknown { return .unknown(unknown) }
    var values: [Value] = [operand]
    if case .tuple(let tuple) = operand { values = tuple.elements }
    var result = ""
    var rest = Substring(template)
    var next = 0
    while let mark = rest.firstIndex(of: "%") {
      result += rest[..<mark]
      rest = rest[rest.index(after: mark)...]
      if rest.hasPrefix("%") {
        result += "%"
        rest.removeFirst()
        continue
      }
      var argument: Value?
      if rest.hasPrefix("("), let end = rest.firstIndex(of: ")") {
        let key = String(rest[rest.index(after: rest.startIndex)..<end])
        if case .dict(let dict) = operand { argument = dict[key] }
        rest = rest[rest.index(after: end)...]
      } else if next < values.count {
        argument = values[next]
        next += 1
      }
      let flags = rest.prefix { "0123456789.-+ #*".contains($0) }
      rest = rest[flags.endIndex...]
      guard let letter = rest.popFirst(), let argument else {
        throw raise("TypeError", "not enough arguments for the format string")
      }
      if let unknown = argument.unknown { return .unknown(unknown) }
      result += try percent(argument, String(flags), letter)
    }
    result += rest
    try charge(text: result.utf8.count)
    return .string(result)
  }

  private func percent(_ value: Value, _ flags: String, _ letter: Character) throws -> String {
    var specification = flags.replacing("-", with: "<")
    if !flags.contains("-"), let first = flags.first, first != "0", first.isNumber {
      specification = ">" + specification
    }
    switch letter {
    case "s": return try format(.string(string(of: value)), specification)
    case "r": return try format(.string(representation(of: value)), specification)
    case "d", "i", "u":
      let whole = value.doubleValue.flatMap { Int(exactly: $0.rounded(.towardZero)) }
      return try format(whole.map { .int($0) } ?? value, specification)
    default: return try format(value, specification + String(letter))
    }
  }

  // MARK: str() and repr()

  /// `str(value)`.
  func string(of value: Value) -> String {
    if case .string(let text) = value { return text }
    switch value {
    case .scalar(let scalar): return scalar.text
    case .array(let array):
      if let numbers = array.numbers {
        return ArrayPrinter.string(numbers, printOptions) { [unowned self] in
          representation(of: $0, depth: 1)
        }
      }
    case .native(let object):
      if let text = object.text(isRepresentation: false, in: self) { return text }
    default: break
    }
    if case .instance(let instance) = value {
      for name in ["__str__", "__repr__"] {
        if case .function(let function)? = instance.type.lookUp(name),
          let result = try? call(function, CallArguments(positional: [value])),
          case .string(let text) = result
        {
          return text
        }
      }
      if instance.type.isSubclass(ofNamed: "BaseException") { return message(of: instance) }
    }
    return representation(of: value)
  }

  /// `repr(value)`, cut where it is very long or deep.
  func representation(of value: Value, depth: Int = 0) -> String {
    guard depth < (isRunning ? 500 : 8) else { return "..." }
    let limit = isRunning ? Int.max : 2_000
    func joined(_ values: some Collection<Value>) -> String {
      let shown = values.prefix(limit).map { representation(of: $0, depth: depth + 1) }
      return shown.joined(separator: ", ") + (values.count > limit ? ", ..." : "")
    }
    switch value {
    case .none: return "None"
    case .ellipsis: return "Ellipsis"
    case .notImplemented: return "NotImplemented"
    case .bool(let flag): return flag ? "True" : "False"
    case .int(let number): return String(number)
    case .float(let number): return number.pythonDescription
    case .string(let text): return quoted(text)
    case .bytes(let bytes): return "b" + quoted(String(decoding: bytes, as: UTF8.self))
    case .tuple(let tuple):
      return tuple.elements.count == 1
        ? "(\(joined(tuple.elements)),)" : "(\(joined(tuple.elements)))"
    case .list(let list): return "[\(joined(list.elements))]"
    case .scalar(let scalar): return scalar.representation
    case .array(let array):
      guard let numbers = array.numbers else { return "<ndarray>" }
      return ArrayPrinter.representation(numbers, printOptions) { [unowned self] in
        representation(of: $0, depth: depth + 1)
      }
    case .native(let object):
      return object.text(isRepresentation: true, in: self) ?? "<\(typeName(of: value))>"
    case .instance(let instance) where isRunning: return representation(of: instance)
    case .set(let set) where set.isFrozen:
      return set.members.isEmpty ? "frozenset()" : "frozenset({\(joined(set.members.values))})"
    case .set(let set): return set.members.isEmpty ? "set()" : "{\(joined(set.members.values))}"
    case .dict(let dict):
      let members = dict.members.values.prefix(limit).map {
        representation(of: $0.key, depth: depth + 1) + ": "
          + representation(of: $0.value, depth: depth + 1)
      }
      let text = "{\(members.joined(separator: ", "))}"
      return isRunning ? dict.wrapped(text, in: self) : text
    case .range(let range):
      let step = range.step == 1 ? "" : ", \(range.step)"
      return "range(\(range.start), \(range.stop)\(step))"
    case .function(let function): return "<function \(function.definition.name)>"
    case .type(let type) where isRunning: return "<class '\(qualifiedName(of: type))'>"
    case .type(let type): return "<class '\(type.name)'>"
    case .module(let module): return "<module '\(module.name)'>"
    default: return "<\(typeName(of: value))>"
    }
  }

  /// Whether `representation(of:)` cuts a value.
  func isTooLong(_ value: Value, depth: Int = 0) -> Bool {
    let elements: [Value]
    switch value {
    case .tuple(let tuple): elements = tuple.elements
    case .list(let list): elements = list.elements
    case .set(let set): elements = Array(set.members.values)
    case .dict(let dict): elements = dict.members.values.map(\.value)
    default: return false
    }
    return depth >= 8 || elements.count > 2_000
      || elements.contains { isTooLong($0, depth: depth + 1) }
  }

  private func quoted(_ text: String) -> String {
    let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = String(quote)
    for character in text.prefix(100_000) {
      switch character {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      case quote: result += "\\\(quote)"
      default: result.append(character)
      }
    }
    return result + String(quote)
  }
}
