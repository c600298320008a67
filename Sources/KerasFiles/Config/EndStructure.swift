import Neural
import OrderedCollections

/// How a model takes its inputs or gives its outputs where that is more than one tensor or a list
/// of them: lists and dictionaries in each other.
///
/// Kept in `Model.extra` under the key that files have for it, with `{"__tensor__": i}` for the
/// model's tensor i. Keras counts the tensors of a dictionary in the order of its sorted keys.
struct EndStructure {
  /// The keys of a file: `input_layers` and `output_layers`.
  static let inputs = "input_layers"
  static let outputs = "output_layers"

  /// The structure, tensors left open.
  let template: ConfigValue

  /// The structure of a model's ends; `nil` where they are one tensor or a list, and where edits
  /// have changed how many there are.
  init?(of key: String, in model: Model) {
    guard let template = model.extra[key] else { return nil }
    self.template = template
    let count = key == Self.inputs ? model.inputs.count : model.outputs.count
    var places: [Int] = []
    _ = filled {
      places.append($0)
      return .null
    }
    guard places.sorted() == Array(0..<count) else { return nil }
  }

  /// Reads the tensors that a file names, in Keras' order.
  ///
  /// - Parameters:
  ///   - value: one `[layer, call, output]`, or a structure of them.
  ///   - keys: the tensors found.
  /// - Returns: the structure; `nil` where it is one tensor, or a list of tensors.
  /// - Throws: `ConfigError` where something else stands in it.
  static func read(
    _ value: ConfigValue, _ keys: inout [TensorKey]
  ) throws(ConfigError) -> ConfigValue? {
    let template = try template(of: value, &keys)
    if CallArgumentsTemplate.index(of: template) != nil { return nil }
    if let list = template.listValue,
      list.allSatisfy({ CallArgumentsTemplate.index(of: $0) != nil })
    {
      return nil
    }
    return template
  }

  private static func template(
    of value: ConfigValue, _ keys: inout [TensorKey], depth: Int = 0
  ) throws(ConfigError) -> ConfigValue {
    guard depth < 32 else {
      throw ConfigError("lists and dictionaries of tensors are nested more than 32 deep")
    }
    if let members = value.objectValue {
      var result: OrderedDictionary<String, ConfigValue> = members
      let sorted = members.keys.sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      }
      for key in sorted {
        result[key] = try template(of: members[key] ?? .null, &keys, depth: depth + 1)
      }
      return .object(result)
    }
    if let list = value.listValue, list.first?.stringValue == nil {
      var result: [ConfigValue] = []
      for element in list { result.append(try template(of: element, &keys, depth: depth + 1)) }
      return .list(result)
    }
    if value.isNull { return value }
    keys.append(try TensorKey(value))
    return CallArgumentsTemplate.place(keys.count - 1)
  }

  /// The structure with its tensors filled in.
  func filled(_ fill: (Int) -> ConfigValue) -> ConfigValue {
    CallArgumentsTemplate.filled(template, fill)
  }

  /// Where each tensor stands in it, as Python subscripts: `["sum"][0]`.
  var paths: [(index: Int, path: String)] { Self.paths(in: template, "") }

  private static func paths(in value: ConfigValue, _ path: String) -> [(index: Int, path: String)] {
    if let index = CallArgumentsTemplate.index(of: value) { return [(index, path)] }
    if let list = value.listValue {
      return list.enumerated().flatMap { paths(in: $1, "\(path)[\($0)]") }
    }
    return (value.objectValue ?? [:]).flatMap {
      paths(in: $1, "\(path)[\(PythonLiteral.text($0))]")
    }
  }
}
