import CZip
import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a zip archive in memory, its members stored as they are.
struct ZipWriter {
  /// The archive could not be made.
  struct Failure: Error {}

  /// A member: its name, its size, and what writes its bytes.
  struct Member {
    var name: String
    var size: Int
    var write: (UnsafeMutableRawBufferPointer) -> Void
  }

  /// The bytes of an archive of these members; equal members give equal bytes.
  ///
  /// - Throws: `Failure` where memory does not suffice.
  static func archive(of members: [Member]) throws(Failure) -> [UInt8] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = zip_source_buffer_create(nil, 0, 0, &error) else { throw Failure() }
    // The archive takes the source; what is kept here is read when the archive is closed.
    zip_source_keep(source)
    defer { zip_source_free(source) }
    guard let archive = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error) else {
      zip_source_free(source)
      throw Failure()
    }
    do throws(Failure) {
      for member in members { try add(member, to: archive) }
    } catch {
      zip_discard(archive)
      throw error
    }
    guard zip_close(archive) == 0 else {
      zip_discard(archive)
      throw Failure()
    }
    return try bytes(of: source)
  }

  private static func add(_ member: Member, to archive: OpaquePointer) throws(Failure) {
    guard let memory = malloc(max(member.size, 1)) else { throw Failure() }
    member.write(UnsafeMutableRawBufferPointer(start: memory, count: member.size))
    // The archive frees the memory (the 1).
    guard let source = zip_source_buffer(archive, memory, UInt64(member.size), 1) else {
      free(memory)
      throw Failure()
    }
    let index = zip_file_add(archive, member.name, source, ZIP_FL_ENC_UTF_8)
    guard index >= 0 else {
      zip_source_free(source)
      throw Failure()
    }
    let place = UInt64(index)
    // 1 January 1980, as NumPy writes: the same numbers give the same file.
    guard zip_set_file_compression(archive, place, ZIP_CM_STORE, 0) == 0,
      zip_file_set_dostime(archive, place, 0, 0x21, 0) == 0
    else { throw Failure() }
  }

  private static func bytes(of source: OpaquePointer) throws(Failure) -> [UInt8] {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
      throw Failure()
    }
    defer { zip_source_close(source) }
    let size = Int(clamping: status.size)
    var read = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      while read < size {
        let count = zip_source_read(
          source, buffer.baseAddress.map { $0 + read }, UInt64(size - read))
        guard count > 0 else { break }
        read += Int(count)
      }
      initialized = read
    }
    guard bytes.count == size else { throw Failure() }
    return bytes
  }
}
