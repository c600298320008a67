import Neural

extension Evaluator {
  /// What NumPy makes of a value in a run: nested lists become axes.
  ///
  /// `type` is the type that is wanted; `nil`: the one that holds all elements.
  func ndarray(from value: Value, _ type: DType? = nil) throws -> NDArray {
    switch value {
    case .array(let array):
      guard let numbers = array.numbers else {
        throw needed(
          array.unknown ?? Unknown(nil, reason: "the array's numbers are not known", at: location))
      }
      return try type.map { $0 == numbers.dtype ? numbers : try numbers.converted(to: $0) }
        ?? numbers
    case .scalar(let scalar):
      let array = NDArray(scalar)
      return try type.map { try array.converted(to: $0) } ?? array
    case .unknown(let unknown): throw needed(unknown)
    case .native(let object):
      if let numbers = try object.numbers(in: self) {
        return try type.map { try numbers.converted(to: $0) } ?? numbers
      }
      if let elements = try object.elements(in: self) {
        return try ndarray(from: try list(elements), type)
      }
      return NDArray([], objects: [value], .object)
    case .list, .tuple, .range, .iterator:
      if case .iterator = value { return NDArray([], objects: [value], .object) }
      if type == .object, let elements = try elements(of: value) {
        return try objectArray(elements)
      }
      var reader = NestedReader(evaluator: self)
      return try reader.array(from: value, type)
    default:
      var reader = NestedReader(evaluator: self)
      return try reader.array(from: value, type)
    }
  }

  /// An array of values as they are; lists of equal lengths are axes here, too.
  private func objectArray(_ elements: [Value]) throws -> NDArray {
    let rows = elements.map(\.sequence)
    if let first = rows.first ?? nil, rows.allSatisfy({ $0?.count == first.count }) {
      let inner = try rows.map { try objectArray($0 ?? []) }
      if let shape = inner.first?.shape, inner.allSatisfy({ $0.shape == shape }) {
        return NDArray([elements.count] + shape, objects: inner.flatMap { $0.objects() }, .object)
      }
    }
    return NDArray([elements.count], objects: elements, .object)
  }
}

/// Reads nested lists into one array.
private struct NestedReader {
  let evaluator: Evaluator
  /// The elements read so far; `ints` and `floats` are filled as long as all elements fit there.
  private var ints: [Int] = []
  private var floats: [Double] = []
  private var objects: [Value] = []
  private var kind = DType.Kind.int
  private var type: DType?

  init(evaluator: Evaluator) { self.evaluator = evaluator }

  mutating func array(from value: Value, _ wanted: DType?) throws -> NDArray {
    let shape = try self.shape(of: value, depth: 0)
    try NDArray.checkedCount(shape)
    try read(value, shape[...])
    let found = type ?? .float64
    let array =
      switch kind {
      case .int: NDArray(shape, ints: ints, found.kind == .int ? found : .int64)
      case .float: NDArray(shape, floats: NDArray.rounded(floats, found), found)
      case .object: NDArray(shape, objects: objects, found)
      }
    // No element at all makes floats.
    if array.count == 0 { return NDArray(shape, floats: [], .float64).retyped(wanted ?? .float64) }
    guard let wanted, wanted != array.dtype else { return array }
    if wanted.isInteger, array.dtype == .int64 {
      for number in array.ints() where !wanted.bounds.contains(number) {
        throw ArrayProblem(
          "OverflowError", "Python integer \(number) out of bounds for \(wanted.name)")
      }
    }
    return try array.converted(to: wanted)
  }

  /// The shape that the first elements announce.
  private func shape(of value: Value, depth: Int) throws -> [Int] {
    guard depth < 32 else { throw ArrayProblem("ValueError", "lists are nested too deeply") }
    switch value {
    case .list, .tuple:
      guard let elements = value.sequence else { throw evaluator.needed(unknownTail(value)) }
      guard let first = elements.first else { return [0] }
      return [elements.count] + (try shape(of: first, depth: depth + 1))
    case .range(let range): return [range.count]
    case .array(let array):
      return array.numbers?.shape ?? []
    case .native(let object): return try object.numbers(in: evaluator)?.shape ?? []
    default: return []
    }
  }

  private func unknownTail(_ value: Value) -> Unknown {
    if case .list(let list) = value, let tail = list.unknownTail { return tail }
    return Unknown(nil, reason: "its elements are not known", at: evaluator.location)
  }

  private mutating func read(_ value: Value, _ shape: ArraySlice<Int>) throws {
    switch value {
    case .list, .tuple:
      guard let elements = value.sequence else { throw evaluator.needed(unknownTail(value)) }
      guard let size = shape.first, size == elements.count else { throw ragged() }
      for element in elements { try read(element, shape.dropFirst()) }
    case .range(let range):
      guard shape.first == range.count else { throw ragged() }
      for index in 0..<range.count { try add(.int(range[index])) }
    case .array(let array):
      guard let numbers = array.numbers else { return try add(value) }
      try add(numbers, shape)
    case .native(let object):
      if let numbers = try object.numbers(in: evaluator) { return try add(numbers, shape) }
      guard shape.isEmpty else { throw ragged() }
      try add(value)
    default:
      guard shape.isEmpty else { throw ragged() }
      try add(value)
    }
  }

  private mutating func add(_ numbers: NDArray, _ shape: ArraySlice<Int>) throws {
    guard numbers.shape == Array(shape) else { throw ragged() }
    note(numbers.dtype)
    switch (kind, numbers.dtype.kind) {
    case (.int, .int): ints += numbers.ints()
    case (.float, .int), (.float, .float): floats += try numbers.doubles()
    default: objects += numbers.values().map(\.unscaled)
    }
  }

  private mutating func add(_ value: Value) throws {
    switch value {
    case .unknown(let unknown): throw evaluator.needed(unknown)
    case .bool(let flag):
      note(.bool)
      append(flag ? 1 : 0, value)
    case .int(let number):
      note(.int64)
      append(number, value)
    case .float(let number):
      note(.float64)
      append(number, value)
    case .scalar(let scalar):
      note(scalar.dtype)
      switch scalar.number {
      case .int(let number): append(number, scalar.pythonValue)
      case .float(let number): append(number, scalar.pythonValue)
      }
    case .string:
      note(.string)
      append(.nan, value)
    default:
      note(.object)
      append(.nan, value)
    }
  }

  private mutating func append(_ number: Int, _ value: Value) {
    switch kind {
    case .int: ints.append(number)
    case .float: floats.append(Double(number))
    case .object: objects.append(text(value))
    }
  }

  private mutating func append(_ number: Double, _ value: Value) {
    if kind == .float { floats.append(number) } else { objects.append(text(value)) }
  }

  /// An element of an array of texts is a text.
  private func text(_ value: Value) -> Value {
    type == .string ? .string(evaluator.string(of: value)) : value
  }

  /// Widens the type to one more element's.
  private mutating func note(_ next: DType) {
    let wider = type.map { DType.promoted($0, next) } ?? next
    type = wider
    guard wider.kind != kind else { return }
    switch (kind, wider.kind) {
    case (.int, .float):
      floats = ints.map { Double($0) }
      ints = []
    case (.int, .object):
      objects = ints.map { text(.int($0)) }
      ints = []
    case (.float, .object):
      objects = floats.map { text(.float($0)) }
      floats = []
    default: break
    }
    kind = wider.kind
  }

  private func ragged() -> ArrayProblem {
    ArrayProblem(
      "ValueError",
      "setting an array element with a sequence. The requested array has an inhomogeneous shape",
      remedy: "pad the rows to one length, or give dtype=object")
  }
}

extension NDArray {
  /// An array without elements under another type.
  fileprivate func retyped(_ type: DType) -> NDArray {
    switch type.kind {
    case .int: NDArray(shape, ints: [], type)
    case .float: NDArray(shape, floats: [], type)
    case .object: NDArray(shape, objects: [], type)
    }
  }
}
