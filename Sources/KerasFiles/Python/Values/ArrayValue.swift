/// An array as the evaluator knows it: in a run its numbers, otherwise its shape and type alone.
struct ArrayValue {
  /// The numbers; `nil` where the script is only read.
  private(set) var numbers: NDArray?
  private var knownShape: [Int?]
  private var knownType: String
  /// Why sizes are not known.
  var unknown: Unknown?

  /// An array without numbers.
  init(_ shape: [Int?], dtype: String = "float64", unknown: Unknown? = nil) {
    knownShape = shape
    knownType = dtype
    self.unknown = unknown
  }

  /// An array with numbers.
  init(_ numbers: NDArray) {
    self.numbers = numbers
    knownShape = []
    knownType = ""
  }

  /// The size of each axis; `nil` where it is not known.
  ///
  /// With another shape the array has no numbers.
  var shape: [Int?] {
    get { numbers?.shape ?? knownShape }
    set {
      knownType = dtype
      knownShape = newValue
      numbers = nil
    }
  }

  /// The type of the elements, as NumPy names it.
  ///
  /// With another type the array has no numbers.
  var dtype: String {
    get { numbers?.dtype.name ?? knownType }
    set {
      knownShape = shape
      knownType = newValue
      numbers = nil
    }
  }
}
