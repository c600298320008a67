import CZip
import IsolatedHDF5
import Neural

/// Reads the members of a zip archive; nothing is ever written to disk.
///
/// For one caller at a time.
final class ZipReader {
  /// What is known of a member before it is read.
  struct Listing {
    var name: String
    /// Its place in the archive.
    var index: UInt64
    /// Its bytes once they are unpacked.
    var size: Int
    /// Whether its bytes stand in the archive as they are.
    var isStored: Bool
  }

  /// One member: its name and its bytes.
  struct Member {
    var name: String
    var bytes: [UInt8]
  }

  /// The archive, for libzip.
  let archive: OpaquePointer
  private let size: Int
  /// What a person does about a damaged archive.
  private let remedy: String
  /// What the archive lies in; kept while it is open.
  private let file: OpenedFile?

  /// Members that an archive may have.
  private static let mostMembers = 10_000
  /// Bytes that the headers of a member take at least, and a name of none.
  private static let leastAround: Count = 30 + 46
  /// Deflate packs at most 1032 bytes into one.
  private static let mostPacked = 1032

  /// Opens the archive of an open file, of which no more is read than is asked for.
  ///
  /// - Throws: `ArrayFault` where it is no zip archive.
  convenience init(_ file: OpenedFile, remedy: String) throws(ArrayFault) {
    let archive = try Self.archive(remedy) { error in
      isolated_zip_source(file.descriptor, UInt64(max(file.stamp.size, 0)), &error)
    }
    self.init(archive, size: file.stamp.size, file: file, remedy: remedy)
  }

  private init(_ archive: OpaquePointer, size: Int, file: OpenedFile?, remedy: String) {
    self.archive = archive
    self.size = size
    self.file = file
    self.remedy = remedy
  }

  deinit { zip_discard(archive) }

  /// The members whose names `wants` accepts, in the order of the archive.
  ///
  /// - Parameters:
  ///   - bytes: the archive, whole.
  ///   - limit: how much memory the archive and what is in it may take together.
  ///   - remedy: what a person does about a damaged archive.
  ///   - wants: says of a name whether its member is read.
  /// - Returns: the members with their bytes.
  /// - Throws: `ArrayFault` where the archive is damaged, a wanted member is encrypted or packed
  ///   in another way than deflate, two have one name, a name leads out of the archive, or it
  ///   holds more than allowed.
  static func members(
    of bytes: [UInt8], limit: MemoryLimit, remedy: String, where wants: (String) -> Bool
  ) throws(ArrayFault) -> [Member] {
    let result: Result<[Member], ArrayFault> = bytes.withUnsafeBytes { buffer in
      do throws(ArrayFault) {
        let archive = try archive(remedy) { error in
          zip_source_buffer_create(buffer.baseAddress, UInt64(buffer.count), 0, &error)
        }
        let reader = ZipReader(archive, size: buffer.count, file: nil, remedy: remedy)
        return .success(try reader.members(limit: limit, where: wants))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func archive(
    _ remedy: String, _ source: (inout zip_error_t) -> OpaquePointer?
  ) throws(ArrayFault) -> OpaquePointer {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = source(&error) else { throw damaged(error.zip_err, remedy: remedy) }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw damaged(error.zip_err, remedy: remedy)
    }
    return archive
  }

  private func members(
    limit: MemoryLimit, where wants: (String) -> Bool
  ) throws(ArrayFault) -> [Member] {
    let wanted = try listings(where: wants)
    let total = wanted.reduce(Count(size)) { $0 + Count($1.size) }
    guard total <= Count(limit.bytes) else { throw .tooMuchMemory(total, allowed: limit) }
    var members: [Member] = []
    for member in wanted {
      members.append(Member(name: member.name, bytes: try bytes(of: member)))
    }
    return members
  }

  /// The members whose names `wants` accepts, in the order of the archive; all are looked at.
  ///
  /// - Throws: `ArrayFault` as `members(of:limit:remedy:where:)` does.
  func listings(where wants: (String) -> Bool) throws(ArrayFault) -> [Listing] {
    let count = Int(max(zip_get_num_entries(archive, 0), 0))
    guard count <= Self.mostMembers else {
      throw ArrayFault("has \(count.grouped) members, at most \(Self.mostMembers.grouped) are read")
    }
    var wanted: [Listing] = []
    var names: Set<String> = []
    var packed: Count = 0
    for index in 0..<UInt64(count) {
      var status = zip_stat_t()
      zip_stat_init(&status)
      guard zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &status) == 0, let text = status.name
      else { throw damaged(ZIP_ER_INCONS) }
      let name = String(cString: text)
      guard names.insert(name).inserted else {
        throw ArrayFault("has two members of the name \(name)", remedy: remedy)
      }
      try checkName(name)
      packed += Count(Int(clamping: status.comp_size)) + Self.leastAround
      guard wants(name) else { continue }
      let size = try unpackedSize(of: name, status)
      wanted.append(
        Listing(
          name: name, index: index, size: size,
          isStored: Int32(status.comp_method) == ZIP_CM_STORE))
    }
    guard packed <= Count(size) else {
      throw ArrayFault("has members that overlap: it is made to fill memory")
    }
    return wanted
  }

  /// The bytes that a member says it has, if it can be read at all.
  private func unpackedSize(of name: String, _ status: zip_stat_t) throws(ArrayFault) -> Int {
    guard status.encryption_method == UInt16(ZIP_EM_NONE) else {
      throw ArrayFault("\(name) is encrypted", remedy: "save it without a password")
    }
    let method = Int32(status.comp_method)
    guard method == ZIP_CM_STORE || method == ZIP_CM_DEFLATE else {
      throw ArrayFault(
        "\(name) is packed in a way that is not known here (method \(method))", remedy: remedy)
    }
    let (size, packed) = (Int(clamping: status.size), Int(clamping: status.comp_size))
    let most = method == ZIP_CM_STORE ? packed : multiplied(packed, Self.mostPacked) ?? .max
    guard size <= most else {
      throw ArrayFault(
        "\(name) says it holds \(size.grouped) bytes, more than its \(packed.grouped) packed "
          + "bytes can", remedy: remedy)
    }
    return size
  }

  /// Names are keys here, no places; one that leads elsewhere is made to do harm.
  private func checkName(_ name: String) throws(ArrayFault) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.hasPrefix("/"), !parts.contains(".."), !name.contains("\\"), !name.isEmpty else {
      throw ArrayFault(
        "has a member called \(name): names lead to no other place", remedy: remedy)
    }
  }

  /// The bytes of a member; its checksum is compared at the end.
  ///
  /// - Throws: `ArrayFault` where it is damaged.
  func bytes(of member: Listing) throws(ArrayFault) -> [UInt8] {
    guard let file = zip_fopen_index(archive, member.index, 0) else {
      throw damaged(zip_get_error(archive).pointee.zip_err, member.name)
    }
    defer { zip_fclose(file) }
    // Grown as the bytes come, not by what the archive says of itself.
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Int(zip_fread(file, &block, UInt64(block.count)))
      guard count >= 0 else {
        throw damaged(zip_file_get_error(file).pointee.zip_err, member.name)
      }
      if count == 0 { break }
      guard bytes.count + count <= member.size else { break }
      bytes.append(contentsOf: block[..<count])
    }
    guard bytes.count == member.size else {
      throw ArrayFault(
        "\(member.name) does not hold the \(member.size.grouped) bytes it says", remedy: remedy)
    }
    return bytes
  }

  private func damaged(_ code: Int32, _ name: String? = nil) -> ArrayFault {
    Self.damaged(code, name, remedy: remedy)
  }

  private static func damaged(_ code: Int32, _ name: String? = nil, remedy: String) -> ArrayFault {
    let what = name.map { "\($0) " } ?? ""
    switch code {
    case ZIP_ER_NOZIP: return ArrayFault("is no zip archive", remedy: remedy)
    case ZIP_ER_CRC:
      return ArrayFault("\(what)is damaged: its checksum is wrong", remedy: remedy)
    case ZIP_ER_EOF: return ArrayFault("\(what)is cut short", remedy: "copy the file again")
    case ZIP_ER_MEMORY: return ArrayFault("\(what)takes more memory than there is")
    default: return ArrayFault("\(what)is a damaged zip archive", remedy: remedy)
    }
  }
}
