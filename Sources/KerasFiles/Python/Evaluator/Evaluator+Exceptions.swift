extension Evaluator {
  func attempt(
    _ body: [Statement], _ handlers: [Handler], otherwise: [Statement], finally: [Statement]
  ) throws -> Flow {
    let flow: Flow
    do {
      flow = try guarded(body, handlers, otherwise: otherwise)
    } catch let interruption as Interruption {
      // What cannot be caught leaves no time for `finally` either.
      guard case .raised = interruption else { throw interruption }
      let final = try run(finally)
      guard case .next = final else { return final }
      throw interruption
    }
    let final = try run(finally)
    if case .next = final { return flow }
    return final
  }

  private func guarded(
    _ body: [Statement], _ handlers: [Handler], otherwise: [Statement]
  ) throws -> Flow {
    let catchesNames = handlers.contains { handler in
      handler.type.map { text(of: $0).contains("NameError") } ?? false
    }
    do {
      nameErrorHandlers += catchesNames ? 1 : 0
      defer { nameErrorHandlers -= catchesNames ? 1 : 0 }
      let flow = try run(body)
      guard case .next = flow else { return flow }
    } catch Interruption.raised(let raised) {
      return try handle(raised, handlers)
    }
    return try run(otherwise)
  }

  private func handle(_ raised: Raised, _ handlers: [Handler]) throws -> Flow {
    for handler in handlers where try catches(handler, raised) {
      // A layer that does not fit is what a person wants to hear of, not what a bare
      // `except:` around it makes of it.
      if raised.isFault, handler.type == nil { break }
      handled.append(raised)
      defer { handled.removeLast() }
      if let name = handler.name { try bind(name, to: .instance(raised.exception)) }
      return try run(handler.body)
    }
    throw Interruption.raised(raised)
  }

  private func catches(_ handler: Handler, _ raised: Raised) throws -> Bool {
    guard let expression = handler.type else { return true }
    let wanted: [Value]
    switch try value(of: expression) {
    case .tuple(let tuple): wanted = tuple.elements
    case let value: wanted = [value]
    }
    return wanted.contains { candidate in
      guard case .type(let type) = candidate else { return false }
      return raised.exception.type.isSubclass(of: type)
    }
  }

  func raised(_ expression: Expression?) throws -> Interruption {
    guard let expression else {
      if let last = handled.last { return .raised(last) }
      return raise("RuntimeError", "no active exception to raise again")
    }
    let place = location
    var value = try value(of: expression)
    if case .type(let type) = value { value = try make(type, CallArguments()) }
    location = place
    guard case .instance(let instance) = value else {
      return raise("RuntimeError", "the script raises an exception here")
    }
    if instance.type.isSubclass(ofNamed: "SystemExit") { return .exit }
    let words = message(of: instance)
    let error = ScriptError(
      at: place, words.isEmpty ? "\(instance.type.name) is raised here" : words,
      remedy: "the script itself raises this \(instance.type.name)")
    return .raised(Raised(exception: instance, error: error, isFault: false))
  }

  func message(of exception: Instance) -> String {
    guard case .tuple(let arguments)? = exception.attributes["args"] else { return "" }
    if isRunning {
      if arguments.elements.count > 1 { return representation(of: .tuple(arguments)) }
      if let first = arguments.elements.first, exception.type.isSubclass(ofNamed: "KeyError") {
        return representation(of: first)
      }
    }
    return arguments.elements.map { string(of: $0) }.joined(separator: ", ")
  }
}
