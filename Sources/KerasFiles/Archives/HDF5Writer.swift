import CHDF5
import Neural

/// Writes an HDF5 file in memory: groups with a text attribute, and arrays of numbers.
struct HDF5Writer {
  /// What a file holds, groups before what is in them.
  enum Item {
    /// A group, and attributes of text that it has.
    case group(path: String, attributes: [(name: String, text: String)])
    /// 32-bit floats.
    case numbers(path: String, Tensor)
    /// One 32-bit integer.
    case integer(path: String, Int32)
  }

  /// The bytes of a file that holds these items; groups on the way are made.
  ///
  /// - Throws: `HDF5.Failure` where memory does not suffice.
  static func file(_ items: [Item]) throws(HDF5.Failure) -> [UInt8] {
    try HDF5.exclusively { () throws(HDF5.Failure) in
      let access = try made(H5Pcreate(hdf5_class_file_access()))
      defer { H5Pclose(access) }
      // In memory alone: the name is never a file's.
      guard H5Pset_fapl_core(access, 1 << 20, false) >= 0 else { throw cannot }
      let file = try made(H5Fcreate("weights.h5", hdf5_truncate(), hdf5_default(), access))
      defer { H5Fclose(file) }
      let links = try made(H5Pcreate(hdf5_class_link_creation()))
      defer { H5Pclose(links) }
      guard H5Pset_create_intermediate_group(links, 1) >= 0 else { throw cannot }
      for item in items { try write(item, to: file, links: links) }
      guard H5Fflush(file, H5F_SCOPE_LOCAL) >= 0 else { throw cannot }
      let size = H5Fget_file_image(file, nil, 0)
      guard size > 0 else { throw cannot }
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
        initialized = max(H5Fget_file_image(file, buffer.baseAddress, size), 0)
      }
      guard bytes.count == size else { throw cannot }
      return bytes
    }
  }

  private static let cannot = HDF5.Failure("there is not enough memory for the weights")

  /// An identifier that the library gave.
  private static func made(_ identifier: hid_t) throws(HDF5.Failure) -> hid_t {
    guard identifier >= 0 else { throw cannot }
    return identifier
  }

  private static func write(
    _ item: Item, to file: hid_t, links: hid_t
  ) throws(HDF5.Failure) {
    switch item {
    case .group(let path, let attributes):
      let group = try made(H5Gcreate2(file, path, links, hdf5_default(), hdf5_default()))
      defer { H5Gclose(group) }
      for attribute in attributes { try write(attribute.text, as: attribute.name, of: group) }
    case .numbers(let path, let tensor):
      let sizes = tensor.sizes.map { hsize_t($0) }
      let space = try made(
        sizes.isEmpty
          ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, nil))
      defer { H5Sclose(space) }
      let set = try made(
        H5Dcreate2(
          file, path, hdf5_float32_in_file(), space, links, hdf5_default(), hdf5_default()))
      defer { H5Dclose(set) }
      let written = tensor.values.withUnsafeBufferPointer { numbers in
        numbers.isEmpty
          ? 0
          : H5Dwrite(
            set, hdf5_float_in_memory(), hdf5_all(), hdf5_all(), hdf5_default(),
            numbers.baseAddress)
      }
      guard written >= 0 else { throw cannot }
    case .integer(let path, var number):
      let space = try made(H5Screate(H5S_SCALAR))
      defer { H5Sclose(space) }
      let set = try made(
        H5Dcreate2(
          file, path, hdf5_int32_in_file(), space, links, hdf5_default(), hdf5_default()))
      defer { H5Dclose(set) }
      guard
        H5Dwrite(
          set, hdf5_int_in_memory(), hdf5_all(), hdf5_all(), hdf5_default(), &number) >= 0
      else { throw cannot }
    }
  }

  /// Writes text as h5py does: of variable length, in UTF-8.
  private static func write(
    _ text: String, as name: String, of group: hid_t
  ) throws(HDF5.Failure) {
    let type = try made(H5Tcopy(hdf5_c_string()))
    defer { H5Tclose(type) }
    guard H5Tset_size(type, hdf5_variable_size()) >= 0, H5Tset_cset(type, H5T_CSET_UTF8) >= 0
    else { throw cannot }
    let space = try made(H5Screate(H5S_SCALAR))
    defer { H5Sclose(space) }
    let attribute = try made(
      H5Acreate2(group, name, type, space, hdf5_default(), hdf5_default()))
    defer { H5Aclose(attribute) }
    let written = text.withCString { start -> herr_t in
      var pointer: UnsafePointer<CChar>? = start
      return H5Awrite(attribute, type, &pointer)
    }
    guard written >= 0 else { throw cannot }
  }
}
