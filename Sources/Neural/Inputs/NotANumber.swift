/// Where the inputs of a model first hold something that is not a number.
public struct NotANumber: Hashable, Sendable, CustomStringConvertible {
  /// Which input.
  public var input: Int
  /// The index on each of its axes.
  public var indices: [Int]
  /// The timestep, where the input has a time axis.
  public var timestep: Int?
  /// How many there are in all inputs.
  public var count: Int
  /// The place in words: `sample 0, timestep 3, feature 2`.
  public let description: String
}

extension Model {
  /// The first number of the inputs that is NaN, in time order within its sample; `nil` where
  /// there is none.
  public func firstNotANumber(in inputs: [Tensor]) -> NotANumber? {
    var first: (input: Int, place: Int)?
    var count = 0
    for (index, tensor) in inputs.enumerated() {
      tensor.values.withUnsafeBufferPointer { numbers in
        for place in numbers.indices where numbers[place].isNaN {
          if first == nil { first = (index, place) }
          count += 1
        }
      }
    }
    guard let first else { return nil }
    let tensor = inputs[first.input]
    var indices: [Int] = []
    var rest = first.place
    for size in tensor.sizes.reversed() {
      indices.insert(rest % size, at: 0)
      rest /= size
    }
    let descriptions = inputDescriptions
    let named = first.input < descriptions.count ? descriptions[first.input].shape : nil
    let axes = named?.rank == tensor.rank ? named?.axes ?? [] : tensor.shape.axes
    let words = zip(axes, indices).map { "\($0.role.place) \($1)" }
    return NotANumber(
      input: first.input, indices: indices,
      timestep: zip(axes, indices).first { $0.0.role == .time }?.1, count: count,
      description: words.joined(separator: ", "))
  }
}

extension AxisRole {
  /// What one position of the axis is called: `timestep`.
  fileprivate var place: String {
    switch self {
    case .batch: "sample"
    case .time: "timestep"
    case .features: "feature"
    case .height: "row"
    case .width: "column"
    case .channels: "channel"
    case .other: "position"
    }
  }
}
