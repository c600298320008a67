import Neural

/// One evaluation of a script, from its statements to its models.
struct ScriptEvaluation {
  let statements: [Statement]
  let evaluator: Evaluator

  init(
    _ statements: [Statement], overrides: [(String, Expression)], limits: EvaluationLimits
  ) throws(ScriptError) {
    self.statements = statements
    // Literals need an evaluator, too; they are part of this one's bounds in nothing.
    let reader = Evaluator()
    let values = try Self.values(of: overrides, by: reader)
    evaluator = Evaluator(limits: limits, overrides: values)
    evaluator.overrideSource = reader
  }

  /// The values of literals given with `--set`, by the text of the expression they answer.
  static func values(
    of overrides: [(String, Expression)], by reader: Evaluator
  ) throws(ScriptError) -> [String: Value] {
    var values: [String: Value] = [:]
    for (name, expression) in overrides {
      do {
        values[name.filter { $0 != " " }] = try reader.value(of: expression)
      } catch {
        throw ScriptError(
          at: nil, "the value of --set \(name) is not a Python literal",
          remedy: "write a number, a text, a tuple or a list")
      }
    }
    return values
  }

  func script() throws(ScriptError) -> PythonScript {
    defer {
      evaluator.release()
      evaluator.overrideSource?.release()
    }
    for (index, statement) in statements.enumerated() {
      let rest = statements[index...]
      guard try run({ _ = try evaluator.run([statement]) }, before: rest) else { break }
    }
    if evaluator.keras.models.isEmpty {
      _ = try run({ try evaluator.keras.implyModel(in: evaluator) }, before: [])
    }
    if evaluator.keras.models.isEmpty { _ = try run({ try callUncalledFunctions() }, before: []) }
    var result: PythonScript?
    _ = try run({ result = try collect() }, before: statements[...])
    if var script = result {
      script.warnings += unusedSettings()
      result = script
    }
    guard let result else {
      if evaluator.keras.wouldLoadModels {
        throw ScriptError(
          at: nil, "the script loads its model from a file, and no other file is opened here",
          remedy: "open that file itself, or execute the script with unroll run")
      }
      throw ScriptError(
        at: nil, "no model was found in the script",
        remedy: "it should make a keras Sequential or Model")
    }
    return result
  }

  /// A setting that the script never asks for is a misspelt one, most likely.
  private func unusedSettings() -> [ScriptWarning] {
    let unused = evaluator.overrides.keys.filter { !evaluator.usedOverrides.contains($0) }
    return unused.sorted().map { name in
      let near = nearest(to: name, in: evaluator.globals.variables.keys.sorted())
      return ScriptWarning(
        location: SourceLocation(line: 1, column: 1),
        message: "--set \(name) is not used: the script never asks for \(name)"
          + (near.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  /// Runs a part of the evaluation.
  ///
  /// What a script raises once its models are made is a warning: they are what matters, and what
  /// follows may rest on data that only the script has.
  ///
  /// - Returns: Whether the evaluation goes on.
  private func run(
    _ body: () throws -> Void, before rest: ArraySlice<Statement>
  ) throws(ScriptError) -> Bool {
    do {
      try body()
      return true
    } catch Interruption.raised(let raised) {
      guard !raised.isFault, !evaluator.keras.models.isEmpty, !evaluator.buildsLayers(Array(rest))
      else { throw raised.error }
      evaluator.warn("\(raised.error.message); what follows is left out", at: raised.error.location)
      return false
    } catch Interruption.stopped(let error) {
      throw error
    } catch Interruption.exit, Interruption.generatorIsFull {
      return false
    } catch let error as ScriptError {
      throw error
    } catch {
      throw ScriptError(at: evaluator.location, "the script cannot be read: \(error)", remedy: "")
    }
  }

  /// A script may only define functions or classes that build models: they are called with what
  /// their parameters' names stand for, which `--set` can answer.
  private func callUncalledFunctions() throws {
    var candidates: [Value] = []
    for statement in statements {
      switch statement.node {
      case .function(let definition):
        guard evaluator.functionBuildsLayers(definition) else { continue }
        if let value = evaluator.globals.variables[definition.name] { candidates.append(value) }
      case .classDefinition(let definition):
        if case .type(let type)? = evaluator.globals.variables[definition.name],
          !type.isSubclass(of: evaluator.keras.layerClass)
        {
          candidates.append(.type(type))
        }
      default: break
      }
    }
    for candidate in candidates { try call(candidate) }
  }

  private func call(_ candidate: Value) throws {
    switch candidate {
    case .function(let function): try call(function, receiver: nil)
    case .type(let type):
      var arguments = CallArguments()
      if case .function(let initializer)? = type.lookUp("__init__") {
        arguments = self.arguments(for: initializer, isMethod: true)
      }
      guard case .instance(let instance) = try evaluator.make(type, arguments) else { return }
      guard evaluator.keras.models.isEmpty else { return }
      for (_, value) in type.attributes {
        guard case .function(let method) = value, method.definition.name != "__init__",
          evaluator.functionBuildsLayers(method.definition), evaluator.keras.models.isEmpty
        else { continue }
        try call(method, receiver: .instance(instance))
      }
    default: break
    }
  }

  private func call(_ function: Function, receiver: Value?) throws {
    var arguments = arguments(for: function, isMethod: receiver != nil)
    if let receiver { arguments = arguments.prepending(receiver) }
    _ = try evaluator.call(function, arguments)
  }

  private func arguments(for function: Function, isMethod: Bool) -> CallArguments {
    var arguments = CallArguments()
    for parameter in function.definition.parameters.positional.dropFirst(isMethod ? 1 : 0) {
      if parameter.standard != nil { break }
      arguments.positional.append(
        .unknown(
          Unknown(
            parameter.name, reason: "the script never calls \(function.definition.name)",
            at: function.location)))
    }
    return arguments
  }

  private func collect() throws -> PythonScript? {
    var models = evaluator.keras.models
    if models.count > 1, models.contains(where: { !$0.layers.isEmpty }) {
      models.removeAll(where: \.layers.isEmpty)
    }
    guard !models.isEmpty else { return nil }
    let values = try models.map { object in
      try checked(
        PythonScript.ScriptModel(
          variable: object.variable, model: try object.model(in: evaluator),
          isFitted: object.isFitted, isCompiled: object.isCompiled,
          compileArguments: object.compileArguments, location: object.location))
    }
    let parts = Set(
      models.flatMap { $0.layers.compactMap { $0.model ?? $0.inner?.model } }
        .map(ObjectIdentifier.init))
    let main =
      models.lastIndex(where: \.isFitted) ?? models.lastIndex(where: \.isCompiled)
      ?? models.lastIndex { !parts.contains(ObjectIdentifier($0)) } ?? models.count - 1
    return PythonScript(models: values, main: main, warnings: evaluator.warnings)
  }

  /// The last word on a model has its own analysis.
  private func checked(_ model: PythonScript.ScriptModel) throws -> PythonScript.ScriptModel {
    guard
      (model.model.inputs.first.flatMap { model.model.layer(of: $0.node)?.layer } as? InputLayer)?
        .batchShape != nil, let (node, error) = Analysis(of: model.model).firstError
    else { return model }
    let name = model.model.layer(of: node)?.name ?? model.model.name
    throw ScriptError(
      at: model.location, "\(name): \(error.message)", remedy: error.remedy)
  }
}
