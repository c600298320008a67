import Neural

extension Evaluator {
  func importModules(_ aliases: [Alias]) throws {
    for alias in aliases {
      location = alias.location
      let value = try module(named: alias.name)
      if let name = alias.asName {
        try bind(name, to: value)
      } else {
        // `import a.b` binds `a`.
        let first = alias.name.split(separator: ".").first.map(String.init) ?? alias.name
        try bind(first, to: try module(named: first))
      }
    }
  }

  func importNames(from name: String, level: Int, _ aliases: [Alias]) throws {
    let source: Value
    if name == "__future__" { return }
    if level > 0 {
      source = unknown(nil, "it comes from a file beside the script, which is not read")
    } else {
      source = try module(named: name)
    }
    for alias in aliases {
      location = alias.location
      if alias.name == "*" {
        try importAll(source)
        continue
      }
      try bind(alias.asName ?? alias.name, to: try member(alias.name, of: source, name))
    }
  }

  private func importAll(_ source: Value) throws {
    guard case .module(let module) = source else { return }
    for name in module.names() where !name.hasPrefix("_") {
      if let value = module[name] { try bind(name, to: value) }
    }
  }

  private func member(_ name: String, of source: Value, _ module: String) throws -> Value {
    switch source {
    case .module(let object):
      if let value = object[name] { return value }
      if let value = modules["\(module).\(name)"] { return value }
      let near = nearest(to: name, in: object.names())
      throw raise(
        "ImportError", "\(module) has no '\(name)'",
        remedy: near.map { "did you mean \($0)?" } ?? "check the spelling",
        isFault: true)
    case .unknown(let unknown):
      return .unknown(Unknown(name, reason: unknown.reason, at: location))
    default: return source
    }
  }

  private func raise(
    _ type: String, _ message: String, remedy: String, isFault: Bool
  ) -> Interruption {
    fault(message, remedy: remedy, type: type)
  }

  /// A module by its dotted name: one that we provide, or an unknown.
  func module(named name: String) throws -> Value {
    if let known = modules[name] { return known }
    let value: Value
    if let found = try provideModule(named: name) {
      value = found
    } else {
      value = unknown(nil, "the module \(name) is not evaluated")
    }
    modules[name] = value
    return value
  }

  private func provideModule(named name: String) throws -> Value? {
    if let module = keras.module(named: name, in: self) { return module }
    if let module = library(named: name) { return .module(module) }
    // A part of a module, such as `os.path`.
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let parent = try module(named: String(name[..<dot]))
    guard case .module(let module) = parent else { return nil }
    return module[String(name[name.index(after: dot)...])]
  }
}
