/// Reads the parameters of a loss or metric, whose messages name them.
struct ParameterReader<Family: KerasObjectFamily> {
  let object: KerasObject<Family>

  init(_ object: KerasObject<Family>) { self.object = object }

  /// What stands under a name; the default where nothing does.
  func value(_ name: String) -> ConfigValue? {
    object.config[name] ?? Family.classes[object.className]?[name]
  }

  /// A number.
  func number(_ name: String) throws(PassError) -> Float {
    guard let number = value(name)?.doubleValue else { throw error(name, "a number") }
    return Float(number)
  }

  /// A whole number.
  func whole(_ name: String, default fallback: Int? = nil) throws(PassError) -> Int {
    guard let value = value(name), !value.isNull || fallback == nil else {
      if let fallback { return fallback }
      throw error(name, "a whole number")
    }
    guard let number = value.intValue else { throw error(name, "a whole number") }
    return number
  }

  /// `True` or `False`; 1 or 0.
  func flag(_ name: String) throws(PassError) -> Bool {
    switch value(name) {
    case .bool(let flag)?: return flag
    case .int(let number)?: return number != 0
    case nil, .null?: return false
    default: throw error(name, "True or False")
    }
  }

  /// A whole number, or none.
  func optionalWhole(_ name: String) throws(PassError) -> Int? {
    guard let value = value(name), !value.isNull else { return nil }
    guard let number = value.intValue else { throw error(name, "a whole number") }
    return number
  }

  /// A list of numbers, or a single one, or none.
  func optionalNumbers(_ name: String) throws(PassError) -> [Float]? {
    guard let value = value(name), !value.isNull else { return nil }
    var numbers: [Float] = []
    for item in value.listValue ?? [value] {
      guard let number = item.doubleValue else { throw error(name, "a number or a list of them") }
      numbers.append(Float(number))
    }
    guard !numbers.isEmpty else { throw error(name, "a number or a list of them") }
    return numbers
  }

  /// What is wrong with a parameter: what it should be, and what was found.
  func error(_ name: String, _ expected: String) -> PassError {
    let found = value(name)
    guard let found, !found.isNull else {
      return PassError("\(object.className) needs \(name): \(expected)")
    }
    return PassError("\(object.className): \(name) has to be \(expected), found \(found)")
  }
}
