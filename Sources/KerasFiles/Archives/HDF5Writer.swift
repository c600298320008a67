import CHDF5
import Neural

/// Writes an HDF5 file in memory: groups and arrays of numbers, and what they say of themselves.
struct HDF5Writer {
  /// What a file holds, groups before what is in them.
  enum Item {
    /// A group, and what it says of itself; the file itself has the path "".
    case group(path: String, attributes: [Attribute] = [])
    /// 32-bit floats.
    case numbers(path: String, Tensor)
    /// One 32-bit integer.
    case integer(path: String, Int32)
    /// Numbers of any kind, as they are.
    case native(path: String, NativeArray, attributes: [Attribute] = [])
  }

  /// What an object says of itself.
  struct Attribute {
    /// Its kinds, by how h5py writes them.
    enum Value {
      /// A Python `str`.
      case text(String)
      /// Python `bytes`, which must have no zero in them.
      case bytes(String)
      /// A list of `bytes`: all as long as the longest. One attribute of them has at most 64 KB.
      case list([String])
    }

    var name: String
    var value: Value

    init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Makes a file that holds these items; groups on the way are made.
  ///
  /// - Parameters:
  ///   - items: what it holds.
  ///   - use: takes the bytes, which are the library's own and gone when it returns.
  /// - Throws: `HDF5.Failure` where memory does not suffice, or an array holds no numbers, and what
  ///   `use` throws.
  static func file(
    _ items: [Item], use: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var outcome = Result<Void, any Error>.success(())
    try HDF5.exclusively { () throws(HDF5.Failure) in
      let access = try made(H5Pcreate(hdf5_class_file_access()))
      defer { H5Pclose(access) }
      // In memory alone: the name is never a file's.
      guard H5Pset_fapl_core(access, 1 << 20, false) >= 0 else { throw cannot }
      let file = try made(H5Fcreate("weights.h5", hdf5_truncate(), hdf5_default(), access))
      defer { H5Fclose(file) }
      let links = try made(H5Pcreate(hdf5_class_link_creation()))
      defer { H5Pclose(links) }
      guard H5Pset_create_intermediate_group(links, 1) >= 0,
        H5Pset_char_encoding(links, H5T_CSET_UTF8) >= 0
      else { throw cannot }
      for item in items { try write(item, to: file, links: links) }
      let bytes = try image(of: file, access)
      outcome = Result { try use(bytes) }
    }
    try outcome.get()
  }

  /// The bytes of a file in memory, where the library has them.
  private static func image(
    of file: hid_t, _ access: hid_t
  ) throws(HDF5.Failure) -> UnsafeRawBufferPointer {
    guard H5Fflush(file, H5F_SCOPE_LOCAL) >= 0 else { throw cannot }
    let size = H5Fget_file_image(file, nil, 0)
    var handle: UnsafeMutableRawPointer?
    guard size > 0, H5Fget_vfd_handle(file, access, &handle) >= 0,
      let memory = handle?.assumingMemoryBound(to: UnsafeRawPointer?.self).pointee
    else { throw cannot }
    return UnsafeRawBufferPointer(start: memory, count: size)
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
      let group = try made(group(path, in: file, links: links))
      defer { H5Gclose(group) }
      for attribute in attributes { try write(attribute, of: group) }
    case .numbers(let path, let tensor):
      let type = try made(hdf5_float_type(4, false))
      let memory = try made(hdf5_float_type(4, true))
      let values = tensor.values
      try write(
        tensor.sizes, to: file, path, links: links, type: type, memory: memory
      ) { put in values.withUnsafeBytes(put) }
    case .integer(let path, let number):
      let type = try made(hdf5_integer_type(4, true, false))
      let memory = try made(hdf5_integer_type(4, true, true))
      try write(
        [], to: file, path, links: links, type: type, memory: memory
      ) { put in withUnsafeBytes(of: number, put) }
    case .native(let path, let array, let attributes):
      guard
        let count = array.sizes.reduce(
          1 as Int?,
          {
            $0.flatMap { [size = $1] in
              multiplied($0, size)
            }
          }),
        multiplied(count, array.elementBytes) == array.bytes.count
      else { throw HDF5.Failure("\(path) has not as many numbers as it says") }
      let type = try made(array.type(isInMemory: false), path)
      let memory = try made(array.type(isInMemory: true), path)
      try write(
        array.sizes, to: file, path, links: links, type: type, memory: memory, attributes
      ) { put in array.bytes.withUnsafeBytes(put) }
    }
  }

  private static func made(_ type: hid_t, _ path: String) throws(HDF5.Failure) -> hid_t {
    guard type >= 0 else { throw HDF5.Failure("\(path) is of a kind that cannot be saved") }
    return type
  }

  /// Writes an array, whose bytes `withBytes` hands out, and closes the types.
  private static func write(
    _ sizes: [Int], to file: hid_t, _ path: String, links: hid_t, type: hid_t, memory: hid_t,
    _ attributes: [Attribute] = [],
    _ withBytes: ((UnsafeRawBufferPointer) -> herr_t) -> herr_t
  ) throws(HDF5.Failure) {
    defer {
      H5Tclose(type)
      H5Tclose(memory)
    }
    let space = try made(Self.space(sizes))
    defer { H5Sclose(space) }
    let set = try made(
      H5Dcreate2(file, path, type, space, links, hdf5_default(), hdf5_default()))
    defer { H5Dclose(set) }
    let written = withBytes { bytes in
      bytes.isEmpty
        ? 0
        : H5Dwrite(set, memory, hdf5_all(), hdf5_all(), hdf5_default(), bytes.baseAddress)
    }
    guard written >= 0 else { throw cannot }
    for attribute in attributes { try write(attribute, of: set) }
  }

  /// A group, made where it is not there yet.
  private static func group(_ path: String, in file: hid_t, links: hid_t) -> hid_t {
    guard !path.isEmpty else { return H5Gopen2(file, "/", hdf5_default()) }
    let group = H5Gcreate2(file, path, links, hdf5_default(), hdf5_default())
    return group >= 0 ? group : H5Gopen2(file, path, hdf5_default())
  }

  private static func space(_ sizes: [Int]) -> hid_t {
    let sizes = sizes.map { hsize_t(max($0, 0)) }
    return sizes.isEmpty
      ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(clamping: sizes.count), sizes, nil)
  }

  // MARK: Attributes

  private static func write(_ attribute: Attribute, of object: hid_t) throws(HDF5.Failure) {
    switch attribute.value {
    case .text(let text): try write(text, H5T_CSET_UTF8, as: attribute.name, of: object)
    case .bytes(let text): try write(text, H5T_CSET_ASCII, as: attribute.name, of: object)
    case .list(let texts): try write(texts, as: attribute.name, of: object)
    }
  }

  /// Writes a text of any length.
  private static func write(
    _ text: String, _ encoding: H5T_cset_t, as name: String, of object: hid_t
  ) throws(HDF5.Failure) {
    let type = try made(H5Tcopy(hdf5_c_string()))
    defer { H5Tclose(type) }
    guard H5Tset_size(type, hdf5_variable_size()) >= 0, H5Tset_cset(type, encoding) >= 0
    else { throw cannot }
    let written = text.withCString { start -> herr_t in
      var pointer: UnsafePointer<CChar>? = start
      return write(&pointer, type, Self.space([]), as: name, of: object)
    }
    guard written >= 0 else { throw cannot }
  }

  /// Writes texts of one length, filled up with zeros.
  private static func write(
    _ texts: [String], as name: String, of object: hid_t
  ) throws(HDF5.Failure) {
    // NumPy has no list of nothing but one of floats.
    guard !texts.isEmpty else {
      let type = try made(hdf5_float_type(8, false))
      defer { H5Tclose(type) }
      guard write(nil, type, space([0]), as: name, of: object) >= 0 else { throw cannot }
      return
    }
    let length = max(texts.reduce(1) { max($0, $1.utf8.count) }, 1)
    let type = try made(H5Tcopy(hdf5_c_string()))
    defer { H5Tclose(type) }
    guard H5Tset_size(type, length) >= 0, H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 else {
      throw cannot
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length * texts.count)
    for text in texts {
      bytes += text.utf8
      bytes += repeatElement(0, count: length - text.utf8.count)
    }
    guard write(bytes, type, space([texts.count]), as: name, of: object) >= 0 else {
      throw HDF5.Failure("\(name) is longer than an HDF5 file allows")
    }
  }

  /// Writes an attribute, and closes the space.
  private static func write(
    _ values: UnsafeRawPointer?, _ type: hid_t, _ space: hid_t, as name: String, of object: hid_t
  ) -> herr_t {
    guard space >= 0 else { return -1 }
    defer { H5Sclose(space) }
    let attribute = H5Acreate2(object, name, type, space, hdf5_default(), hdf5_default())
    guard attribute >= 0 else { return -1 }
    defer { H5Aclose(attribute) }
    return values.map { H5Awrite(attribute, type, $0) } ?? 0
  }
}

extension NativeArray {
  /// The type of its elements for the library, which the caller closes; negative: there is none.
  fileprivate func type(isInMemory: Bool) -> hid_t {
    guard elementBytes > 0 else { return -1 }
    return switch element {
    case .float: hdf5_float_type(elementBytes, isInMemory)
    case .integer(let isSigned): hdf5_integer_type(elementBytes, isSigned, isInMemory)
    case .boolean: hdf5_bool_type()
    case .bfloat: H5Tcreate(H5T_OPAQUE, 2)
    case .other: -1
    }
  }
}
