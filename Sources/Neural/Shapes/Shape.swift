/// The shape of a tensor: its axes in order, the batch axis first.
///
/// Two shapes that differ only in what their axes mean have the same `sizes`; layers compare
/// sizes, never roles.
public struct Shape: Hashable, Sendable {
  /// The axes, outermost first.
  public var axes: [Axis]

  /// A shape of these axes.
  public init(_ axes: [Axis]) {
    self.axes = axes
  }

  /// A shape of these sizes (`nil`: free), the first axis being the batch.
  ///
  /// - Parameters:
  ///   - sizes: the size of each axis.
  ///   - roles: what each axis means; by default `defaultRoles(rank:)`.
  public init(sizes: [Int?], roles: [AxisRole]? = nil) {
    let roles = roles ?? Shape.defaultRoles(rank: sizes.count)
    axes = sizes.enumerated().map { index, size in
      Axis(index < roles.count ? roles[index] : .other, size)
    }
  }

  /// What the axes of a tensor mean where no layer says otherwise.
  ///
  /// (batch, features), (batch, time, features) and (batch, height, width, channels); other
  /// ranks are known by their batch axis alone.
  public static func defaultRoles(rank: Int) -> [AxisRole] {
    switch rank {
    case 2: [.batch, .features]
    case 3: [.batch, .time, .features]
    case 4: [.batch, .height, .width, .channels]
    default: rank < 1 ? [] : [.batch] + Array(repeating: .other, count: min(rank, 64) - 1)
    }
  }

  /// How many axes there are, the batch axis counted.
  public var rank: Int { axes.count }

  /// The size of each axis, `nil` where it is free.
  public var sizes: [Int?] { axes.map(\.size) }

  /// The axis at `index`; negative indices count from the end, as in Keras.
  public subscript(index: Int) -> Axis {
    get { axes[index < 0 ? index + axes.count : index] }
    set { axes[index < 0 ? index + axes.count : index] = newValue }
  }

  /// The size of the first axis with this role; `nil` where there is none or it is free.
  public func size(of role: AxisRole) -> Int? {
    axes.first { $0.role == role }?.size
  }

  /// The shape with its last axis replaced by `count` features.
  public func withFeatures(_ count: Int?, parts: [Part] = []) -> Shape {
    guard let last = axes.last else { return self }
    var result = self
    let role: AxisRole = last.role == .channels ? .channels : .features
    result.axes[axes.count - 1] = Axis(role, count, parts: parts)
    return result
  }

  /// The shape with its axes' roles replaced, sizes and parts kept.
  public func withRoles(_ roles: [AxisRole]) -> Shape {
    var result = self
    for index in result.axes.indices where index < roles.count {
      result.axes[index].role = roles[index]
    }
    return result
  }

  /// The number of elements of one sample: the product of all axes but the batch.
  ///
  /// - Returns: the product, or `nil` where an axis is free.
  /// - Throws: `ShapeError` where the product does not fit in 63 bits.
  public func elementsPerSample() throws(ShapeError) -> Int? {
    var product = 1
    for axis in axes.dropFirst() {
      guard let size = axis.size else { return nil }
      guard let next = multiplied(product, size) else {
        throw ShapeError(
          "a tensor of shape \(self) has more elements than a computer can address",
          remedy: "use smaller sizes")
      }
      product = next
    }
    return product
  }
}

extension Shape: CustomStringConvertible {
  /// The shape as Keras writes it: `(None, 128, 100)`, `(None,)`.
  public var description: String {
    let sizes = axes.map { $0.size.map(String.init) ?? "None" }
    return sizes.count == 1 ? "(\(sizes[0]),)" : "(" + sizes.joined(separator: ", ") + ")"
  }
}
