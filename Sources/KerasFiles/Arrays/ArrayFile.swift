import Neural

/// A file of arrays: `.npy`, `.npz` or `.csv`, opened and saved by its suffix.
public struct ArrayFile: Sendable {
  /// An array of a file.
  public struct Member: Sendable {
    /// Its name in a `.npz`; `nil` in a file of one array.
    public var name: String?
    /// Its numbers.
    public var tensor: Tensor
  }

  /// The arrays in the order of the file; at least one.
  public var members: [Member]
  /// Whether it is a table, of which no one has said yet what a row is: (rows, columns).
  public var isTable: Bool

  /// The suffixes that can be opened.
  public static let suffixes = ["npy", "npz", "csv"]

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file; its suffix says what it is.
  ///   - member: the name of the one array that is wanted of a `.npz`; `nil`: all.
  ///   - limit: how much memory the file and its arrays may take.
  /// - Returns: the arrays of the file.
  /// - Throws: `FileError` where it cannot be read, or holds anything but numbers.
  public static func open(
    _ path: String, member: String? = nil, limit: MemoryLimit = .standard
  ) throws(FileError) -> ArrayFile {
    let suffix = ModelFile.suffix(of: path)
    guard suffixes.contains(suffix) else {
      throw FileError(path, "is no file of arrays", remedy: "end its name in .npy, .npz or .csv")
    }
    let bytes = try FileContents.read(path, limit: limit.bytes, for: .array).bytes
    switch suffix {
    case "npz": return try archive(bytes, path, member: member, limit: limit)
    default:
      do throws(ArrayFault) {
        let isTable = suffix == "csv"
        let tensor =
          isTable
          ? try CSVTable(bytes, limit: limit).numbers : try NumPyArray.read(bytes, limit: limit)
        return ArrayFile(members: [Member(tensor: tensor)], isTable: isTable)
      } catch {
        throw error.at(path)
      }
    }
  }

  static func archive(
    _ bytes: [UInt8], _ path: String, member wanted: String? = nil, limit: MemoryLimit
  ) throws(FileError) -> ArrayFile {
    var names: [String] = []
    var files: [ZipReader.Member]
    do throws(ArrayFault) {
      files = try ZipReader.members(
        of: bytes, limit: limit,
        remedy: "numpy.savez(path, name=x) writes one anew"
      ) { file in
        guard file.hasSuffix(".npy") else { return false }
        names.append(arrayName(file))
        return wanted == nil || wanted == names.last
      }
    } catch {
      throw error.at(path)
    }
    guard !files.isEmpty else {
      guard let wanted, !names.isEmpty else {
        throw FileError(
          path, "holds no arrays", remedy: "numpy.savez(path, name=x) writes some")
      }
      let near = nearest(to: wanted, in: names).map { "; did you mean \($0)?" } ?? ""
      throw FileError(
        path, "has no array \(wanted)\(near)", remedy: "its arrays are \(listed(names))")
    }
    var result = ArrayFile(members: [], isTable: false)
    var rest = limit
    for index in files.indices {
      do throws(ArrayFault) {
        let tensor = try NumPyArray.read(files[index].bytes, limit: rest)
        result.members.append(Member(name: arrayName(files[index].name), tensor: tensor))
        rest.bytes -= 4 * tensor.count
      } catch {
        throw error.at(path, member: files[index].name)
      }
      files[index].bytes = []
    }
    return result
  }

  /// The name of the array that a member of a `.npz` holds: `x` for `x.npy`.
  private static func arrayName(_ file: String) -> String { String(file.dropLast(4)) }

  /// Saves an array as `.npy`: 32-bit floats, all or nothing.
  ///
  /// - Throws: `FileError` where it cannot be saved; what stood there before is intact then.
  public static func save(_ tensor: Tensor, to path: String) throws(FileError) {
    _ = try AtomicFile().write(NumPyArray.write(tensor), to: path, expecting: .anything)
  }

  /// Saves arrays as `.npz`, each under its name, as 32-bit floats, all or nothing.
  ///
  /// - Parameters:
  ///   - arrays: name and sizes of each array, and what makes it when its turn has come.
  ///   - path: the file.
  /// - Throws: `FileError` where they cannot be saved; what stood there before is intact then.
  public static func save(
    _ arrays: [(name: String, sizes: [Int], tensor: () -> Tensor?)], to path: String
  ) throws(FileError) {
    var isWhole = true
    let members = arrays.map { name, sizes, tensor in
      let header = NumPyArray.header(for: sizes)
      return ZipWriter.Member(
        name: name + ".npy",
        content: .made(size: header.count + 4 * sizes.reduce(1, *)) { buffer in
          guard let tensor = tensor(), tensor.sizes == sizes else {
            isWhole = false
            return
          }
          NumPyArray.write(tensor, header: header, into: buffer)
        })
    }
    _ = try AtomicFile().write(to: path, expecting: .anything) { sink in
      try ZipWriter.write(members, to: sink)
      guard isWhole else {
        throw FileError(path, "could not be saved: not all numbers were kept")
      }
    }
  }

  /// Saves arrays as `.npz`, each under its name, as 32-bit floats, all or nothing.
  ///
  /// - Throws: `FileError` where they cannot be saved; what stood there before is intact then.
  public static func save(
    _ arrays: [(name: String, tensor: Tensor)], to path: String
  ) throws(FileError) {
    try save(arrays.map { one in (one.name, one.tensor.sizes, { one.tensor }) }, to: path)
  }
}

/// Names in a message: all of a few, the first of many.
func listed(_ names: [String]) -> String {
  let shown = names.prefix(8).joined(separator: ", ")
  return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
}
