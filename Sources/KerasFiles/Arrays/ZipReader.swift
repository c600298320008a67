import CZip
import Neural

/// Reads the members of a zip archive that is in memory; nothing is ever written to disk.
struct ZipReader {
  /// One member: its name and its bytes.
  struct Member {
    var name: String
    var bytes: [UInt8]
  }

  private let archive: OpaquePointer
  private let size: Int
  private let limit: MemoryLimit

  /// Members that an archive may have.
  private static let mostMembers = 10_000
  /// Bytes that the headers of a member take at least, and a name of none.
  private static let leastAround: Count = 30 + 46
  /// Deflate packs at most 1032 bytes into one.
  private static let mostPacked = 1032

  /// The members whose names `wants` accepts, in the order of the archive.
  ///
  /// - Parameters:
  ///   - bytes: the archive, whole.
  ///   - limit: how much memory the archive and what is in it may take together.
  ///   - wants: says of a name whether its member is read.
  /// - Returns: the members with their bytes.
  /// - Throws: `ArrayFault` where the archive is damaged, a wanted member is encrypted or packed
  ///   in another way than deflate, two have one name, a name leads out of the archive, or it
  ///   holds more than allowed.
  static func members(
    of bytes: [UInt8], limit: MemoryLimit, where wants: (String) -> Bool
  ) throws(ArrayFault) -> [Member] {
    let result: Result<[Member], ArrayFault> = bytes.withUnsafeBytes { buffer in
      do throws(ArrayFault) {
        return .success(try members(in: buffer, limit: limit, where: wants))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func members(
    in buffer: UnsafeRawBufferPointer, limit: MemoryLimit, where wants: (String) -> Bool
  ) throws(ArrayFault) -> [Member] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard
      let source = zip_source_buffer_create(
        buffer.baseAddress, UInt64(buffer.count), 0, &error)
    else { throw damaged(error.zip_err) }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw damaged(error.zip_err)
    }
    defer { zip_discard(archive) }
    return try ZipReader(archive: archive, size: buffer.count, limit: limit).members(where: wants)
  }

  private func members(where wants: (String) -> Bool) throws(ArrayFault) -> [Member] {
    let count = Int(max(zip_get_num_entries(archive, 0), 0))
    guard count <= Self.mostMembers else {
      throw ArrayFault("has \(count.grouped) members, at most \(Self.mostMembers.grouped) are read")
    }
    var wanted: [(index: UInt64, name: String, size: Int)] = []
    var names: Set<String> = []
    var packed: Count = 0
    var total = Count(size)
    for index in 0..<UInt64(count) {
      var status = zip_stat_t()
      zip_stat_init(&status)
      guard zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &status) == 0, let text = status.name
      else { throw ZipReader.damaged(ZIP_ER_INCONS) }
      let name = String(cString: text)
      guard names.insert(name).inserted else {
        throw ArrayFault("has two members of the name \(name)", remedy: Self.again)
      }
      try checkName(name)
      packed += Count(Int(clamping: status.comp_size)) + Self.leastAround
      guard wants(name) else { continue }
      let size = try unpackedSize(of: name, status)
      total += Count(size)
      wanted.append((index, name, size))
    }
    guard packed <= Count(size) else {
      throw ArrayFault("has members that overlap: it is made to fill memory")
    }
    guard total <= Count(limit.bytes) else { throw .tooMuchMemory(total, allowed: limit) }
    var members: [Member] = []
    for member in wanted {
      members.append(
        Member(name: member.name, bytes: try read(member.index, member.name, size: member.size)))
    }
    return members
  }

  /// The bytes that a member says it has, if it can be read at all.
  private func unpackedSize(of name: String, _ status: zip_stat_t) throws(ArrayFault) -> Int {
    guard status.encryption_method == UInt16(ZIP_EM_NONE) else {
      throw ArrayFault("\(name) is encrypted", remedy: "save it without a password")
    }
    let method = Int32(status.comp_method)
    guard method == ZIP_CM_STORE || method == ZIP_CM_DEFLATE else {
      throw ArrayFault(
        "\(name) is packed in a way that is not known here (method \(method))",
        remedy: "numpy.savez and numpy.savez_compressed write what can be read")
    }
    let (size, packed) = (Int(clamping: status.size), Int(clamping: status.comp_size))
    let most = method == ZIP_CM_STORE ? packed : multiplied(packed, Self.mostPacked) ?? .max
    guard size <= most else {
      throw ArrayFault(
        "\(name) says it holds \(size.grouped) bytes, more than its \(packed.grouped) packed "
          + "bytes can", remedy: Self.again)
    }
    return size
  }

  /// Names are keys here, no places; one that leads elsewhere is made to do harm.
  private func checkName(_ name: String) throws(ArrayFault) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.hasPrefix("/"), !parts.contains(".."), !name.contains("\\"), !name.isEmpty else {
      throw ArrayFault(
        "has a member called \(name): names lead to no other place", remedy: Self.again)
    }
  }

  /// The bytes of a member; its checksum is compared at the end.
  private func read(_ index: UInt64, _ name: String, size: Int) throws(ArrayFault) -> [UInt8] {
    guard let file = zip_fopen_index(archive, index, 0) else {
      throw ZipReader.damaged(zip_get_error(archive).pointee.zip_err, name)
    }
    defer { zip_fclose(file) }
    // Grown as the bytes come, not by what the archive says of itself.
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Int(zip_fread(file, &block, UInt64(block.count)))
      guard count >= 0 else {
        throw ZipReader.damaged(zip_file_get_error(file).pointee.zip_err, name)
      }
      if count == 0 { break }
      guard bytes.count + count <= size else { break }
      bytes.append(contentsOf: block[..<count])
    }
    guard bytes.count == size else {
      throw ArrayFault(
        "\(name) does not hold the \(size.grouped) bytes it says", remedy: Self.again)
    }
    return bytes
  }

  private static let again = "write the file anew with numpy.savez(path, name=x)"

  private static func damaged(_ code: Int32, _ name: String? = nil) -> ArrayFault {
    let what = name.map { "\($0) " } ?? ""
    switch code {
    case ZIP_ER_NOZIP:
      return ArrayFault("is no zip archive", remedy: "numpy.savez(path, name=x) writes a .npz")
    case ZIP_ER_CRC: return ArrayFault("\(what)is damaged: its checksum is wrong", remedy: again)
    case ZIP_ER_EOF: return ArrayFault("\(what)is cut short", remedy: "copy the file again")
    case ZIP_ER_MEMORY: return ArrayFault("\(what)takes more memory than there is")
    default: return ArrayFault("\(what)is a damaged zip archive", remedy: again)
    }
  }
}
