import Foundation

@testable import Neural

/// Numbers that a table does not list but describe: made here as in `Fixtures/make_loss_numbers.py`
/// and `Fixtures/make_metric_numbers.py`.
struct FormulaNumbers {
  /// What stands in a table: `["unit", [4, 3]]`, or `["given", [1, 2], [0.5, "nan"]]`.
  let description: ConfigValue
  /// The place of the case in its table, which formulas use.
  let place: Int
  /// How many classes labels name.
  var classes = 1

  var sizes: [Int] { (description.listValue?[1].listValue ?? []).compactMap(\.intValue) }

  var tensor: Tensor {
    guard let parts = description.listValue, let kind = parts.first?.stringValue else {
      return Tensor([0])
    }
    if kind == "given" { return Tensor(sizes, (parts[2].listValue ?? []).map(\.floatNumber)) }
    return Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float(number($0, kind)) })
  }

  private func number(_ k: Int, _ kind: String) -> Double {
    let (x, c) = (Double(k), Double(place))
    switch kind {
    case "any": return 1.5 * sin(0.37 * x + c)
    case "other": return 1.2 * cos(0.53 * x + 2 * c)
    case "share": return 0.5 + 0.49 * cos(0.7 * x + 3 * c)
    case "unit": return 0.5 + 0.49 * sin(0.61 * x + c)
    case "positive": return 1.6 + 1.5 * sin(0.53 * x + c)
    case "binary": return (5 * k + place + k / 3) % 3 == 0 ? 1 : 0
    case "labels": return Double((7 * k + place + k / 2) % classes)
    case "onehot":
      let width = sizes.last ?? 1
      let row = k / width
      return (7 * row + place + row / 2) % width == k % width ? 1 : 0
    case "weights": return 0.25 + abs(sin(0.9 * x + c))
    default: return .nan
    }
  }
}

extension ConfigValue {
  /// A number of a table, `"nan"` and `"inf"` among them.
  var floatNumber: Float {
    doubleValue.map { Float($0) } ?? Float(stringValue ?? "") ?? .nan
  }

  /// The numbers of nested lists.
  var nestedTensor: Tensor {
    var sizes: [Int] = []
    var row = self
    while let inner = row.listValue {
      sizes.append(inner.count)
      row = inner.first ?? .null
    }
    func numbers(_ list: ConfigValue) -> [Float] {
      list.listValue?.flatMap(numbers) ?? [list.floatNumber]
    }
    return Tensor(sizes, numbers(self))
  }
}

/// The table in a file beside the script that made it; another one by an environment variable.
func kerasTable(_ name: String, _ variable: String) throws -> ConfigValue {
  let path = ProcessInfo.processInfo.environment[variable]
  let url =
    path.map { URL(filePath: $0) }
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/\(name)")
  return ConfigValue(json: try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
}

/// The largest difference of two lists of numbers, relative to 1 + |x|; NaN and infinities have to
/// stand at the same places.
func largestDifference(_ found: [Float], _ expected: [Float]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0.0) { largest, pair in
    let (one, other) = pair
    if one.isNaN != other.isNaN { return .infinity }
    if one.isNaN || one == other { return largest }
    let difference = abs(Double(one) - Double(other)) / (1 + abs(Double(other)))
    return max(largest, difference.isNaN ? .infinity : difference)
  }
}
