import Neural

/// Names of variables, and the names that Keras gives by itself.
struct PythonNames {
  private var taken: Set<String> = PythonNames.reserved
  private var counters: [String: Int] = [:]

  /// A variable that is not used yet, after a name of a layer or model.
  mutating func variable(for name: String) -> String {
    let base = PythonNames.identifier(name)
    if taken.insert(base).inserted { return base }
    var number = 1
    while !taken.insert("\(base)_\(number)").inserted { number += 1 }
    return "\(base)_\(number)"
  }

  /// The name that Keras gives the next object of a class.
  mutating func automatic(_ className: String) -> String {
    let base = snakeCase(className)
    let count = counters[base, default: 0]
    counters[base] = count + 1
    return count == 0 ? base : "\(base)_\(count)"
  }

  /// The same without taking it.
  func nextAutomatic(_ className: String) -> String {
    let base = snakeCase(className)
    let count = counters[base, default: 0]
    return count == 0 ? base : "\(base)_\(count)"
  }

  /// The name that must be given to an object of a class.
  ///
  /// - Returns: `nil` where Keras gives it by itself, which takes it.
  mutating func chosen(_ name: String, for className: String) -> String? {
    guard nextAutomatic(className) == name else { return name }
    _ = automatic(className)
    return nil
  }

  /// The name as Python allows it.
  static func identifier(_ name: String) -> String {
    var out = ""
    for scalar in name.unicodeScalars {
      let isLetter =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
        || ("0"..."9").contains(scalar)
      if isLetter {
        out.unicodeScalars.append(scalar)
      } else if !out.hasSuffix("_") {
        out += "_"
      }
    }
    while out.hasSuffix("_") && out.count > 1 { out.removeLast() }
    if out.isEmpty || out == "_" { out = "layer" }
    if let first = out.first, first.isNumber { out = "layer_" + out }
    return reserved.contains(out) ? out + "_" : out
  }

  /// Python's keywords, what we import, and built-in functions that a reader expects.
  private static let reserved: Set = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "print", "raise", "return",
    "case", "try", "type", "while", "with", "yield", "keras", "layers", "ops", "model", "input",
    "float", "sum", "max", "min", "abs", "any", "all", "repeat", "slice", "round", "pow",
    "NotImplementedError", "self",
  ]
}
