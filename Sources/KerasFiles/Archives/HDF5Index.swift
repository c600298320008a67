import Neural
import OrderedCollections

/// What an HDF5 file holds: groups, arrays and attributes, by their paths without a first slash.
struct HDF5Index: Sendable {
  /// What the elements of an array are.
  enum Element: Hashable, Sendable {
    case float
    case integer(isSigned: Bool)
    /// A bool as h5py writes it.
    case boolean
    /// The upper half of a 32-bit float, as Keras marks it.
    case bfloat
    /// Text or a compound: no numbers.
    case other
  }

  /// An array, before its numbers are read.
  struct Array: Hashable, Sendable {
    /// The size of each axis.
    var sizes: [Int]
    var element: Element
    /// Bytes of an element in the file.
    var elementBytes: Int
    /// Bytes that the array says it takes in the file.
    var storedBytes: Int
    /// Whether its bytes are packed.
    var isPacked: Bool
    /// Whether its bytes lie in another file.
    var liesElsewhere: Bool
    /// Whether it is packed in parts too large to be read.
    var isUnwieldy: Bool

    /// How many elements it has; `nil` where that is no number.
    var count: Int? {
      sizes.reduce(1 as Int?) { count, size in count.flatMap { multiplied($0, size) } }
    }

    /// Whether its elements are numbers.
    var isNumeric: Bool { element != .other }
  }

  /// What an object says of itself.
  enum Attribute: Hashable, Sendable {
    case texts([String])
    case numbers([Double])
    /// Neither texts nor a few numbers.
    case other
  }

  /// The groups; the file itself has the path "".
  var groups: OrderedSet<String> = []
  var arrays: OrderedDictionary<String, Array> = [:]
  /// Links that lead elsewhere; they are not followed.
  var links: Set<String> = []
  /// What each group or array says of itself.
  var attributes: [String: [String: Attribute]] = [:]

  /// Packed bytes give at most this many each.
  static let mostPacked = 1032

  /// The texts of an attribute; of those that h5py had to split, `name0`, `name1`, all.
  func texts(_ name: String, of path: String) -> [String]? {
    let all = attributes[path] ?? [:]
    if case .texts(let texts) = all[name] { return texts }
    var result: [String] = []
    var part = 0
    while case .texts(let texts) = all["\(name)\(part)"] {
      result += texts
      part += 1
    }
    return part > 0 ? result : nil
  }

  /// The one text of an attribute.
  func text(_ name: String, of path: String) -> String? {
    guard case .texts(let texts) = attributes[path]?[name], texts.count == 1 else { return nil }
    return texts[0]
  }

  /// Takes two bytes of unknown kind for bfloat16 where an attribute says so.
  ///
  /// Source: `H5IOStore` in `keras/src/saving/saving_lib.py`.
  mutating func markBFloats() {
    for (path, array) in arrays
    where array.element == .other && array.elementBytes == 2
      && text("dtype", of: path) == "bfloat16"
    {
      arrays[path]?.element = .bfloat
    }
  }

  /// Whether a path leads through a link that is not followed.
  func leadsElsewhere(_ path: String) -> Bool {
    var step = ""
    for name in path.split(separator: "/") {
      step += (step.isEmpty ? "" : "/") + name
      if links.contains(step) { return true }
    }
    return false
  }

  /// The array at a path, if its numbers can be read.
  ///
  /// - Parameters:
  ///   - path: the array.
  ///   - fileBytes: how many bytes the file has: what an array says it holds must be there.
  /// - Returns: what the array is.
  /// - Throws: `HDF5.Failure` where there is none, its numbers lie elsewhere, or cannot be there.
  func numbers(_ path: String, fileBytes: Int) throws(HDF5.Failure) -> Array {
    guard let array = arrays[path] else {
      guard !leadsElsewhere(path) else {
        throw HDF5.Failure("\(path) is a link to another place, which is not followed")
      }
      throw HDF5.Failure("\(path) is missing")
    }
    guard !array.liesElsewhere else {
      throw HDF5.Failure("\(path) lies in another file, which is not opened")
    }
    guard array.isNumeric else { throw HDF5.Failure("\(path) holds no numbers") }
    guard let count = array.count, let bytes = multiplied(count, array.elementBytes),
      array.storedBytes <= fileBytes, !array.isUnwieldy,
      let most = multiplied(array.storedBytes, array.isPacked ? Self.mostPacked : 1),
      bytes <= most
    else {
      throw HDF5.Failure("\(path) says it holds more numbers than the file has bytes for")
    }
    return array
  }
}
