/// A Python value, as far as our evaluator knows it.
enum Value {
  case none
  case ellipsis
  case notImplemented
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case tuple(TupleObject)
  case list(ListObject)
  case dict(DictObject)
  case set(SetObject)
  case range(RangeValue)
  case slice(SliceObject)
  case function(Function)
  case builtin(Builtin)
  case method(BoundMethod)
  case type(ClassObject)
  case instance(Instance)
  case module(Module)
  case iterator(IteratorObject)
  case array(ArrayValue)
  /// A number of an array, with the array's type.
  case scalar(NumPyScalar)
  case native(any NativeObject)
  case unknown(Unknown)

  /// A tuple of these elements.
  static func tuple(_ elements: [Value]) -> Value { .tuple(TupleObject(elements)) }

  var isUnknown: Bool {
    if case .unknown = self { true } else { false }
  }

  var isNone: Bool {
    if case .none = self { true } else { false }
  }

  var unknown: Unknown? {
    if case .unknown(let unknown) = self { unknown } else { nil }
  }

  var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The whole number; booleans count as 0 and 1.
  var intValue: Int? {
    switch self {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    case .scalar(let scalar): scalar.intValue
    default: nil
    }
  }

  /// The number, whole or not.
  var doubleValue: Double? {
    switch self {
    case .float(let value): value
    case .scalar(let scalar): scalar.doubleValue
    default: intValue.map(Double.init)
    }
  }

  /// An array with numbers: a number of NumPy's own where it has no axes.
  static func numbers(_ array: NDArray) -> Value {
    array.shape.isEmpty ? array.element(at: array.offset) : .array(ArrayValue(array))
  }

  /// The elements of a tuple or list.
  var sequence: [Value]? {
    switch self {
    case .tuple(let tuple): tuple.elements
    case .list(let list): list.unknownTail == nil ? list.elements : nil
    default: nil
    }
  }
}

/// What the evaluator does not know, and where that began.
///
/// It flows through every operation; only a layer that needs the value makes an error of it.
final class Unknown {
  /// The expression that `--set` can answer: `vocabulary_size`, `args.units`, `len(chars)`.
  let name: String?
  /// Why it is not known, as the end of "…, for ".
  let reason: String
  let location: SourceLocation
  /// Whether the script never defines the name.
  let isUndefined: Bool

  init(_ name: String?, reason: String, at location: SourceLocation, isUndefined: Bool = false) {
    self.name = name
    self.reason = reason
    self.location = location
    self.isUndefined = isUndefined
  }

  /// What came of this value under a new name, for the same reason.
  func derived(_ name: String?) -> Unknown {
    Unknown(name ?? self.name, reason: reason, at: location)
  }
}

/// `range(start, stop, step)`.
struct RangeValue {
  let start: Int
  let stop: Int
  let step: Int

  var count: Int {
    let (first, last) = step > 0 ? (start, stop) : (stop, start)
    guard first < last else { return 0 }
    let (distance, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow else { return .max }
    let size = Int(clamping: step.magnitude)
    return (distance - 1) / size + 1
  }

  /// The element at an index between 0 and `count`.
  subscript(index: Int) -> Int { start &+ index &* step }

  /// The range of the elements at these indices; `nil` where 64 bits do not hold its numbers.
  func slice(_ indices: RangeValue) -> RangeValue? {
    func element(_ index: Int) -> Int? {
      let (distance, isTooFar) = index.multipliedReportingOverflow(by: step)
      let (element, overflows) = start.addingReportingOverflow(distance)
      return isTooFar || overflows ? nil : element
    }
    let (product, overflows) = step.multipliedReportingOverflow(by: indices.step)
    guard !overflows, let first = element(indices.start), let stop = element(indices.stop) else {
      return nil
    }
    return RangeValue(start: first, stop: stop, step: product)
  }

  func contains(_ value: Int) -> Bool {
    let inside = step > 0 ? value >= start && value < stop : value <= start && value > stop
    return inside && (value &- start) % step == 0
  }
}

final class SliceObject {
  let lower: Value
  let upper: Value
  let step: Value

  init(_ lower: Value, _ upper: Value, _ step: Value) {
    self.lower = lower
    self.upper = upper
    self.step = step
  }
}
