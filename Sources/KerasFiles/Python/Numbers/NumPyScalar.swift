import Neural

/// A number taken out of an array: it keeps the array's type.
struct NumPyScalar {
  enum Number {
    case int(Int)
    case float(Double)
  }

  let dtype: DType
  let number: Number

  init(_ value: Int, _ dtype: DType = .int64) {
    self.dtype = dtype
    number = .int(value)
  }

  init(_ value: Double, _ dtype: DType = .float64) {
    self.dtype = dtype
    number = .float(dtype.rounded(value))
  }

  var intValue: Int? {
    if case .int(let value) = number { value } else { nil }
  }

  var doubleValue: Double {
    switch number {
    case .int(let value): dtype == .uint64 ? Double(UInt(bitPattern: value)) : Double(value)
    case .float(let value): value
    }
  }

  var truth: Bool {
    switch number {
    case .int(let value): value != 0
    case .float(let value): value != 0
    }
  }

  /// The number as Python's own `bool`, `int` or `float`.
  var pythonValue: Value {
    switch number {
    case .int(let value): dtype.isBool ? .bool(value != 0) : .int(value)
    case .float(let value): .float(value)
    }
  }

  /// What `str()` makes of it.
  var text: String {
    switch number {
    case .int(let value):
      dtype.isBool
        ? (value != 0 ? "True" : "False")
        : dtype == .uint64 ? String(UInt(bitPattern: value)) : String(value)
    case .float(let value): FloatText.repr(value, dtype)
    }
  }

  /// What containers show of it: `np.float64(0.5)`.
  var representation: String {
    dtype.isBool ? "np.\(text)_" : "np.\(dtype.name)(\(text))"
  }
}
