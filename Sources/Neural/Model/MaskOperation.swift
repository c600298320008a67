/// An operation that Keras makes by itself to compute a mask.
///
/// Models hold none of them: `withMaskOperations` adds them where a table or a file lists them.
public struct MaskOperation: Layer {
  /// What is computed.
  public enum Kind: Hashable, Sendable {
    /// Where the input differs from a number.
    case notEqual(Double)
    /// Where anything along the last axis is true.
    case any
    /// Where either is true.
    case logicalOr
    /// True, in the input's shape.
    case onesLike
    /// False, in the input's shape.
    case zerosLike
    /// One more axis at the end.
    case expandDims
    /// Side by side along an axis.
    case concatenate(axis: Int)
    /// The input itself.
    case convertToTensor

    /// The class as Keras names it.
    public var className: String {
      switch self {
      case .notEqual: "NotEqual"
      case .any: "Any"
      case .logicalOr: "LogicalOr"
      case .onesLike: "OnesLike"
      case .zerosLike: "ZerosLike"
      case .expandDims: "ExpandDims"
      case .concatenate: "Concatenate"
      case .convertToTensor: "ConvertToTensor"
      }
    }
  }

  /// The class of the first kind; each value has its own.
  public static let className = "NotEqual"
  /// None: the kind says all.
  public static let settings: [Setting<MaskOperation>] = []
  /// What it is for.
  public static let summary = "computes which timesteps count"
  /// `true`.
  public static var isOperation: Bool { true }

  /// What is computed.
  public var kind = Kind.any

  /// An operation on a mask.
  public init() {}

  /// An operation that computes `kind`.
  public init(_ kind: Kind) { self.kind = kind }

  /// The class as Keras names it.
  public var className: String { kind.className }
  /// Any number.
  public var inputCount: ClosedRange<Int> { 1...largestSize }

  /// The shape of the mask.
  ///
  /// - Throws: `ShapeError` where the inputs do not fit each other.
  public func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard var shape = inputs.first else { throw ShapeError("\(className) takes an input") }
    switch kind {
    case .notEqual, .onesLike, .zerosLike, .convertToTensor: break
    case .any:
      try shape.requireRank(atLeast: 1, for: className)
      shape.axes.removeLast()
    case .expandDims: shape.axes.append(Axis(.other, 1))
    case .logicalOr: shape = inputs.count == 2 ? joined(shape, inputs[1]) : shape
    case .concatenate(let axis): shape = try inputs.concatenated(axis: axis, by: className)
    }
    return [shape]
  }

  /// Two shapes that differ only where one has size 1.
  private func joined(_ first: Shape, _ second: Shape) -> Shape {
    guard first.rank == second.rank else { return first.rank > second.rank ? first : second }
    var result = second
    for index in result.axes.indices where result[index].size == 1 {
      result.axes[index] = first[index]
    }
    return result
  }

  /// What it is.
  public func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([.init("What is it?", ["Keras' own step to know which timesteps count"])])
  }
}
