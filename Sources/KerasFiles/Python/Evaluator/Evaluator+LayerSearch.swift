extension Evaluator {
  /// Whether statements build layers or models, as far as their syntax tells.
  ///
  /// They do if they call `….add(…)`, a name that Keras has for a layer or model, or a function
  /// of the script that does.
  func buildsLayers(_ statements: [Statement]) -> Bool {
    statements.contains { buildsLayers($0, depth: 0) }
  }

  private func buildsLayers(_ statement: Statement, depth: Int) -> Bool {
    func any(_ expressions: Expression?...) -> Bool {
      expressions.contains { $0.map { buildsLayers($0, depth: depth) } ?? false }
    }
    func any(_ blocks: [Statement]...) -> Bool {
      blocks.contains { $0.contains { buildsLayers($0, depth: depth) } }
    }
    switch statement.node {
    case .expression(let value), .assign(_, let value), .augmentedAssign(_, _, let value):
      return any(value)
    case .annotatedAssign(_, let value), .returnValue(let value): return any(value)
    case .ifElse(let test, let body, let otherwise), .whileLoop(let test, let body, let otherwise):
      return any(test) || any(body, otherwise)
    case .forIn(_, let iterable, let body, let otherwise):
      return any(iterable) || any(body, otherwise)
    case .with(_, let body): return any(body)
    case .attempt(let body, let handlers, let otherwise, let finally):
      return any(body, otherwise, finally) || handlers.contains { any($0.body) }
    case .match(_, let cases): return cases.contains { any($0.body) }
    default: return false
    }
  }

  private func buildsLayers(_ expression: Expression, depth: Int) -> Bool {
    func inner(_ expression: Expression) -> Bool { buildsLayers(expression, depth: depth) }
    switch expression.node {
    case .call(let callee, let arguments):
      return addsLayer(callee, arguments) || calleeBuildsLayers(callee, depth: depth)
        || inner(callee) || arguments.contains { inner($0.value) }
    case .attribute(let base, _): return inner(base)
    case .tuple(let elements), .list(let elements), .logical(_, let elements):
      return elements.contains(where: inner)
    case .binary(_, let left, let right): return inner(left) || inner(right)
    case .conditional(_, let body, let otherwise): return inner(body) || inner(otherwise)
    case .comprehension(_, let element, let value, _):
      return inner(element) || value.map(inner) ?? false
    case .subscripted(let base, _), .starred(let base), .walrus(_, let base): return inner(base)
    default: return false
    }
  }

  /// Whether a call is `model.add(…)`; sets have an `add`, too.
  private func addsLayer(_ callee: Expression, _ arguments: [Argument]) -> Bool {
    guard case .attribute(let base, "add") = callee.node, arguments.count == 1 else { return false }
    switch try? peek(base) {
    case .native(let object)?: return object is ModelObject
    case nil, .unknown?, .instance?: break
    default: return false
    }
    if case .call = arguments[0].value.node { return true }
    if case .native(let object)? = try? peek(arguments[0].value) { return object is LayerObject }
    return false
  }

  private func calleeBuildsLayers(_ callee: Expression, depth: Int) -> Bool {
    switch callee.node {
    case .attribute(_, let name) where KerasNames.buildsLayers(name): return true
    case .attribute(let base, let name):
      guard case .name("self") = base.node, case .instance(let instance)? = lookUp("self"),
        case .function(let function)? = instance.type.lookUp(name)
      else { return false }
      return functionBuildsLayers(function.definition, depth: depth + 1)
    case .name(let name):
      switch lookUp(name) {
      case .function(let function)?:
        return functionBuildsLayers(function.definition, depth: depth + 1)
      case .type(let type)?:
        if type.isSubclass(ofNamed: "Layer") { return true }
        guard case .function(let function)? = type.lookUp("__init__") else {
          return !type.isScripted && KerasNames.buildsLayers(type.name)
        }
        return functionBuildsLayers(function.definition, depth: depth + 1)
      default: return KerasNames.buildsLayers(name)
      }
    default: return false
    }
  }

  func functionBuildsLayers(_ definition: FunctionDefinition, depth: Int = 0) -> Bool {
    let identity = ObjectIdentifier(definition)
    if let known = buildsLayersCache[identity] { return known }
    guard depth < 20 else { return false }
    buildsLayersCache[identity] = false
    let found = definition.body.contains { buildsLayers($0, depth: depth) }
    buildsLayersCache[identity] = found
    return found
  }
}
