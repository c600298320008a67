import OrderedCollections

/// The arguments of a call, tensors left open.
///
/// Kept under `key` in a node's keywords, so that calls of layers and operations that we do not
/// know are saved as they were.
package struct CallArgumentsTemplate: Hashable, Sendable {
  /// The key in `Node.keywords`.
  package static let key = "__call__"
  private static let placeholder = "__tensor__"

  /// What stands without a keyword.
  package var positional: [ConfigValue]
  /// What stands with one.
  package var keywords: OrderedDictionary<String, ConfigValue>

  /// A template that stands in a node's keywords; `nil` where none does or it does not fit
  /// `count` tensors.
  package init?(in keywords: OrderedDictionary<String, ConfigValue>, count: Int) {
    guard let value = keywords[Self.key], let positional = value["args"]?.listValue,
      let named = value["kwargs"]?.objectValue
    else { return nil }
    self.init(positional: positional, keywords: named)
    var places: [Int] = []
    _ = filled {
      places.append($0); return .null
    }
    guard places.sorted() == Array(0..<count) else { return nil }
  }

  /// These arguments.
  package init(positional: [ConfigValue], keywords: OrderedDictionary<String, ConfigValue>) {
    self.positional = positional
    self.keywords = keywords
  }

  /// The arguments as they stand in a node's keywords.
  package var configValue: ConfigValue {
    ["args": .list(positional), "kwargs": .object(keywords)]
  }

  /// Which tensor's place a value is.
  package static func index(of value: ConfigValue) -> Int? {
    guard case .object(let members) = value, members.count == 1 else { return nil }
    return members[placeholder]?.intValue
  }

  /// The place of tensor `index`.
  package static func place(_ index: Int) -> ConfigValue { [placeholder: .int(index)] }

  /// The arguments with each place filled.
  package func filled(_ fill: (Int) -> ConfigValue) -> (args: ConfigValue, kwargs: ConfigValue) {
    let args = positional.map { Self.filled($0, fill) }
    return (.list(args), .object(keywords.mapValues { Self.filled($0, fill) }))
  }

  /// A value with each place in it filled.
  package static func filled(_ value: ConfigValue, _ fill: (Int) -> ConfigValue) -> ConfigValue {
    switch value {
    case .list(let elements): return .list(elements.map { filled($0, fill) })
    case .object(let members):
      if let index = index(of: value) { return fill(index) }
      return .object(members.mapValues { filled($0, fill) })
    default: return value
    }
  }
}
