/// How a layer gives the categories that it finds.
///
/// Source: `encode_categorical_inputs` in `keras/src/utils/numerical_utils.py`.
package enum CategoryOutput: String, SettingChoice {
  /// The number of the category.
  case int
  /// A row for each category: 1 at its place.
  case oneHot = "one_hot"
  /// A row for all categories of a sample: 1 at their places.
  case multiHot = "multi_hot"
  /// A row for all categories of a sample: how often each was there.
  case count
  /// The counts times a weight for each category.
  case termFrequency = "tf_idf"

  /// Reads one of those that `kind` lists; names of Keras 2 stand for today's.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let former = ["binary": "multi_hot", "tf-idf": "tf_idf"]
    let text = configValue.stringValue.map { former[$0] ?? $0 }
    var allowed = Self.choices
    if case .choice(let choices) = kind { allowed = choices }
    guard let text, allowed.contains(text), let value = Self(rawValue: text) else {
      let near = text.flatMap { nearest(to: $0, in: allowed) }
      throw SettingError(
        "expected one of \(allowed.joined(separator: ", ")), "
          + "found \(configValue.shortDescription)" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    self = value
  }

  /// The shape for an input of categories.
  ///
  /// Where Keras' own shape rules say something else than what its layers then give, the shape is
  /// that of the numbers.
  /// - Throws: `ShapeError` where samples have no axis whose categories could be joined.
  func shape(of input: Shape, depth: Int, for layer: String) throws(ShapeError) -> Shape {
    guard self != .int else { return input }
    guard input.rank > 0 else {
      throw ShapeError("\(layer) takes an input of at least 1 axis, found \(input)")
    }
    var output = input
    switch self {
    case .oneHot:
      if input.rank > 1, input[-1].size == 1 { output.axes.removeLast() }
    default:
      guard input.rank > 1 else {
        throw ShapeError(
          "\(layer) with output_mode \(rawValue) takes an input of at least 2 axes, found \(input)",
          remedy: "give each sample an axis: shape (1,)")
      }
      output.axes.remove(at: 1)
    }
    for index in output.axes.indices where output.axes[index].role == .features {
      output.axes[index] = Axis(index == 1 ? .time : .other, output[index].size)
    }
    output.axes.append(Axis(.features, depth))
    return output
  }

  /// The rows for categories.
  ///
  /// - Parameters:
  ///   - categories: one for each place of the input; a number that is no category has no row.
  ///   - sizes: the input's.
  ///   - depth: how many categories there are.
  ///   - weights: how much each place counts; `nil`: 1.
  /// - Returns: a tensor of the sizes that `shape(of:depth:for:)` says.
  func rows(
    of categories: [Int], sizes: [Int], depth: Int, weights: Tensor? = nil
  ) -> Tensor {
    var outer = sizes
    let place: (Int) -> Int
    if self == .oneHot {
      if sizes.count > 1, sizes.last == 1 { outer.removeLast() }
      place = { $0 }
    } else {
      let joined = sizes[1]
      let inner = sizes[2...].reduce(1, *)
      outer.remove(at: 1)
      place = { $0 / max(joined * inner, 1) * inner + $0 % max(inner, 1) }
    }
    return Tensor(outer + [depth]) { out in
      out.initialize(repeating: 0)
      for (index, category) in categories.enumerated() where category >= 0 && category < depth {
        let target = place(index) * depth + category
        if self == .count || self == .termFrequency {
          out[target] += weights?.values[index] ?? 1
        } else {
          out[target] = 1
        }
      }
    }
  }

  /// What an explanation says of a row.
  var meaning: String {
    switch self {
    case .int: "the number of the category"
    case .oneHot: "1 at the place of the category, 0 elsewhere"
    case .multiHot: "1 for each category of the sample, 0 elsewhere"
    case .count: "how often each category is in the sample"
    case .termFrequency: "how often each category is in the sample, times its weight"
    }
  }
}

extension Tensor {
  /// The numbers as categories; −1 for what is none.
  ///
  /// - Parameter cutting: whether fractions are cut off; else they are no category.
  /// - Returns: a category for each number.
  func categories(cutting: Bool) -> [Int] {
    values.map { Int(exactly: cutting ? $0.rounded(.towardZero) : $0) ?? -1 }
  }
}
