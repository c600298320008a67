import CHDF5
import Neural

/// Reads arrays of numbers from an HDF5 file in memory, by their paths.
///
/// Links that lead elsewhere, data outside of the file and virtual arrays are refused: nothing
/// beside the bytes at hand is ever opened.
struct HDF5Reader: ~Copyable {
  private let file: hid_t
  private let access: hid_t
  private let size: Int

  /// What an array is, before its numbers are read.
  struct Description: Hashable {
    /// The size of each axis.
    var sizes: [Int]
    /// Whether its numbers are floats or integers.
    var isNumeric: Bool
  }

  /// Opens the bytes of a file and looks at it, while nobody else uses the library.
  ///
  /// - Throws: `HDF5.Failure` where they are no HDF5 file, and what `body` throws.
  static func read<Result>(
    _ bytes: [UInt8], _ body: (borrowing HDF5Reader) throws(HDF5.Failure) -> Result
  ) throws(HDF5.Failure) -> Result {
    try HDF5.exclusively { () throws(HDF5.Failure) in
      try body(try HDF5Reader(bytes))
    }
  }

  private init(_ bytes: [UInt8]) throws(HDF5.Failure) {
    size = bytes.count
    let access = H5Pcreate(hdf5_class_file_access())
    guard access >= 0 else { throw HDF5.Failure("there is not enough memory") }
    var bytes = bytes
    let isSet = bytes.withUnsafeMutableBytes { buffer in
      H5Pset_fapl_core(access, 1 << 16, false) >= 0
        && H5Pset_file_image(access, buffer.baseAddress, buffer.count) >= 0
    }
    let file = isSet ? H5Fopen("weights.h5", hdf5_read_only(), access) : -1
    guard file >= 0 else {
      H5Pclose(access)
      throw HDF5.Failure("is not an HDF5 file, or it is damaged")
    }
    self.file = file
    self.access = access
  }

  deinit {
    H5Fclose(file)
    H5Pclose(access)
  }

  /// Whether every step of a path is there, as a link inside the file.
  func has(_ path: String) -> Bool {
    var step = ""
    for name in path.split(separator: "/") {
      step += (step.isEmpty ? "" : "/") + name
      var info = H5L_info_t()
      guard H5Lexists(file, step, hdf5_default()) > 0,
        H5Lget_info(file, step, &info, hdf5_default()) >= 0, info.type == H5L_TYPE_HARD
      else { return false }
    }
    return true
  }

  /// What the array at `path` is; `nil` where there is none.
  ///
  /// - Throws: `HDF5.Failure` where its data lie elsewhere or its sizes cannot be.
  func description(of path: String) throws(HDF5.Failure) -> Description? {
    guard has(path) else { return nil }
    let set = H5Dopen2(file, path, hdf5_default())
    guard set >= 0 else { return nil }
    defer { H5Dclose(set) }
    return try description(of: set, path)
  }

  private func description(
    of set: hid_t, _ path: String
  ) throws(HDF5.Failure) -> Description {
    let plan = H5Dget_create_plist(set)
    let (space, type) = (H5Dget_space(set), H5Dget_type(set))
    defer {
      H5Pclose(plan)
      H5Sclose(space)
      H5Tclose(type)
    }
    guard plan >= 0, space >= 0, type >= 0 else { throw HDF5.Failure("\(path) is damaged") }
    guard H5Pget_external_count(plan) == 0, H5Pget_layout(plan) != H5D_VIRTUAL else {
      throw HDF5.Failure("the numbers of \(path) lie in another file, which is not opened")
    }
    let rank = H5Sget_simple_extent_ndims(space)
    guard rank >= 0, rank <= 32 else { throw HDF5.Failure("\(path) is damaged") }
    var extents = [hsize_t](repeating: 0, count: max(Int(rank), 1))
    guard H5Sget_simple_extent_dims(space, &extents, nil) == rank else {
      throw HDF5.Failure("\(path) is damaged")
    }
    let sizes = extents.prefix(Int(rank)).map { Int(clamping: $0) }
    let kind = H5Tget_class(type)
    return Description(sizes: sizes, isNumeric: kind == H5T_FLOAT || kind == H5T_INTEGER)
  }

  /// The numbers of the array at `path`, as 32-bit floats.
  ///
  /// - Parameters:
  ///   - path: the array.
  ///   - sizes: the sizes that it must have.
  /// - Returns: the numbers.
  /// - Throws: `HDF5.Failure` where it is missing, has other sizes, or no numbers.
  func numbers(_ path: String, sizes: [Int]) throws(HDF5.Failure) -> Tensor {
    guard has(path) else { throw HDF5.Failure("has no array \(path)") }
    let set = H5Dopen2(file, path, hdf5_default())
    guard set >= 0 else { throw HDF5.Failure("has no array \(path)") }
    defer { H5Dclose(set) }
    let found = try description(of: set, path)
    guard found.sizes == sizes else {
      throw HDF5.Failure(
        "\(path) is \(Tensor.text(found.sizes)), expected \(Tensor.text(sizes))")
    }
    guard found.isNumeric else { throw HDF5.Failure("\(path) holds no numbers") }
    var didRead = true
    let tensor = Tensor(sizes) { out in
      out.update(repeating: 0)
      guard !out.isEmpty else { return }
      didRead =
        H5Dread(
          set, hdf5_float_in_memory(), hdf5_all(), hdf5_all(), hdf5_default(), out.baseAddress)
        >= 0
    }
    guard didRead else { throw HDF5.Failure("the numbers of \(path) are damaged") }
    return tensor
  }
}

extension Tensor {
  /// Sizes as Keras writes a shape.
  fileprivate static func text(_ sizes: [Int]) -> String {
    sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.map(String.init).joined(separator: ", ")))"
  }
}
