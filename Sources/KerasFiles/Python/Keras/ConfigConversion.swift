import Neural
import OrderedCollections

/// An object of a script that stands for a configuration.
protocol ConfigHolder: NativeObject {
  /// What a setting takes it for.
  var configValue: ConfigValue { get }
}

/// An object that settings name, such as `regularizers.l2(0.01)`: a configuration.
final class ConfigObject: NativeObject, ConfigHolder {
  let typeName: String
  let value: ConfigValue
  /// The array that an initializer such as `Constant` was given.
  var array: Value?

  init(_ typeName: String, _ value: ConfigValue) {
    self.typeName = typeName
    self.value = value
  }

  var configValue: ConfigValue { value }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let member = value["config"]?[name] { return evaluator.value(from: member) }
    return evaluator.unknown(nil, "\(typeName).\(name) is not evaluated")
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    if let schedule = try? LearningRateSchedule(configValue: value, kind: .initializer),
      schedule.original == nil, let step = arguments.positional.first?.intValue
    {
      do throws(PassError) {
        return .float(try schedule.learningRate(at: max(step, 0)))
      } catch {
        throw evaluator.fault(error.message, remedy: error.remedy)
      }
    }
    return evaluator.unknown(nil, "weights are not computed here")
  }
}

extension Evaluator {
  /// A value as a layer's setting takes it.
  ///
  /// - Throws: An exception where the value is not known, naming what would answer it, or is
  ///   nothing that a setting can be.
  func config(from value: Value, for setting: String, depth: Int = 0) throws -> ConfigValue {
    guard depth < 64 else { throw fault("\(setting) is nested too deeply") }
    func list(_ values: [Value]) throws -> ConfigValue {
      .list(try values.map { try config(from: $0, for: setting, depth: depth + 1) })
    }
    switch value {
    case .none: return .null
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .float(let number): return .double(number)
    case .string(let text): return .string(text)
    case .tuple(let tuple): return try list(tuple.elements)
    case .list(let object):
      if let tail = object.unknownTail { throw fault(needing: setting, tail) }
      return try list(object.elements)
    case .range(let range) where range.count <= 64:
      return .list((0..<range.count).map { .int(range[$0]) })
    case .dict(let dict):
      if let tail = dict.unknownTail { throw fault(needing: setting, tail) }
      var members: OrderedDictionary<String, ConfigValue> = [:]
      for member in dict.members.values {
        members[string(of: member.key)] = try config(
          from: member.value, for: setting, depth: depth + 1)
      }
      return .object(members)
    case .unknown(let unknown): throw fault(needing: setting, unknown)
    case .native(let object):
      if let config = object as? any ConfigHolder { return config.configValue }
      if let function = object as? BackendFunction { return .string(function.name) }
    case .builtin(let builtin):
      if let name = builtin.name.split(separator: ".").last { return .string(String(name)) }
    case .function(let function):
      return [
        "module": "builtins", "class_name": "function",
        "config": .string(function.definition.name),
        "registered_name": .string(function.definition.name),
      ]
    case .type(let type):
      // A class where an object is meant, such as `kernel_initializer=Orthogonal`.
      if case .native(let object) = try call(value, CallArguments()),
        let config = object as? any ConfigHolder
      {
        return config.configValue
      }
      return .string(type.name)
    case .array(let array):
      throw fault(
        needing: setting,
        array.unknown ?? Unknown(nil, reason: "it is made of an array's numbers", at: location))
    default: break
    }
    throw fault("\(setting) cannot be a '\(typeName(of: value))'")
  }

  /// The error where a layer needs what is not known.
  func fault(needing setting: String, _ unknown: Unknown) -> Interruption {
    let name = unknown.name.map { $0 == setting ? "`\($0)`" : "\(setting): `\($0)`" } ?? setting
    let place = unknown.isUndefined ? "" : " (line \(unknown.location.line))"
    return fault(
      "\(name) is not known here, for \(unknown.reason)\(place)", remedy: unknown.remedy,
      type: "NameError")
  }

  /// A configuration as Python sees it.
  func value(from config: ConfigValue) -> Value {
    switch config {
    case .null: .none
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): .float(number)
    case .string(let text): .string(text)
    case .list(let values):
      (try? tuple(values.map { value(from: $0) })) ?? .none
    case .object:
      .native(ConfigObject(config["class_name"]?.stringValue ?? "config", config))
    }
  }

  /// A shape that a script states: whole numbers and `None`.
  func sizes(from value: Value, for setting: String) throws -> [Int?] {
    let elements: [Value]
    switch value {
    case .unknown(let unknown): throw fault(needing: setting, unknown)
    case .tuple, .list:
      guard let known = value.sequence else {
        throw fault(
          needing: setting,
          doubt(about: value).unknown ?? Unknown(setting, reason: "it is open", at: location))
      }
      elements = known
    case .int(let number):
      guard !setting.hasSuffix("shape") else {
        throw fault(
          "\(setting) is the number \(number), but a shape is a tuple", remedy: "write (\(number),)"
        )
      }
      elements = [value]
    default:
      throw fault(
        "\(setting) is a '\(typeName(of: value))', but a shape is a tuple such as (128, 20)")
    }
    return try elements.map { element in
      switch element {
      case .none: return nil
      case .unknown(let unknown): throw fault(needing: setting, unknown)
      case .float(let number):
        if let whole = Int(exactly: number) { return whole }
      default: if let whole = element.intValue { return whole }
      }
      throw fault(
        "\(setting) holds \(representation(of: element)), but sizes are whole numbers or None")
    }
  }
}
