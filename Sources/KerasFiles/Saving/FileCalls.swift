#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Why a call of the system failed.
struct SystemFault: Error, Hashable, Sendable {
  /// The system's number for the reason.
  var code: Int32

  /// The call was interrupted by a signal and can be made again.
  static let interrupted = SystemFault(code: EINTR)
  /// There is nothing at the path.
  static let missing = SystemFault(code: ENOENT)
  /// Something stands at the path already.
  static let exists = SystemFault(code: EEXIST)
  /// The thing cannot be asked this.
  static let invalid = SystemFault(code: EINVAL)
  /// Reading or writing failed.
  static let inputOutput = SystemFault(code: EIO)
  /// The device is full.
  static let noSpace = SystemFault(code: ENOSPC)

  /// The reason in words.
  var words: String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "permission denied"
    case ENOSPC: "the disk is full"
    case EDQUOT: "the disk quota is used up"
    case EROFS: "the file system is read-only"
    case EIO: "the disk reports an error"
    case ENAMETOOLONG: "the name is too long"
    case ELOOP: "the symbolic links go in a circle"
    case ENOTDIR: "a part of the path is not a folder"
    case EISDIR: "it is a folder"
    case EMFILE, ENFILE: "too many files are open"
    case EFBIG: "the file is too large for the file system"
    case ENOMEM: "there is not enough memory"
    default: "the system reports error \(code)"
    }
  }
}

/// The calls of the system that reading and saving make, so that tests can make each one fail.
struct FileCalls: Sendable {
  var status: @Sendable (String) throws -> FileStatus = { path in
    var buffer = stat()
    guard lstat(path, &buffer) == 0 else { throw SystemFault(code: errno) }
    return FileStatus(buffer)
  }
  var statusOfOpen: @Sendable (Int32) throws -> FileStatus = {
    descriptor in
    var buffer = stat()
    guard fstat(descriptor, &buffer) == 0 else { throw SystemFault(code: errno) }
    return FileStatus(buffer)
  }
  var linkTarget: @Sendable (String) throws -> String = { path in
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &bytes, bytes.count)
    guard count >= 0 else { throw SystemFault(code: errno) }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
  var mayWrite: @Sendable (String) -> Bool = { access($0, W_OK) == 0 }
  /// Opens a file to read; never waits for the other end of a pipe.
  var openToRead: @Sendable (String) throws -> Int32 = { path in
    try checked(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY))
  }
  /// Makes a file that was not there, to write.
  var create: @Sendable (String, UInt32) throws -> Int32 = {
    path, mode in
    try checked(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(mode)))
  }
  var openFolder: @Sendable (String) throws -> Int32 = { path in
    try checked(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
  }
  var read: @Sendable (Int32, UnsafeMutableRawBufferPointer) throws -> Int = {
    descriptor, buffer in
    #if canImport(Darwin)
      let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
      let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
    #else
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    #endif
    guard count >= 0 else { throw SystemFault(code: errno) }
    return count
  }
  var write: @Sendable (Int32, UnsafeRawBufferPointer) throws -> Int = {
    descriptor, buffer in
    #if canImport(Darwin)
      let count = Darwin.write(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
      let count = Musl.write(descriptor, buffer.baseAddress, buffer.count)
    #else
      let count = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    #endif
    guard count >= 0 else { throw SystemFault(code: errno) }
    return count
  }
  /// Moves to a position counted from the start.
  var seek: @Sendable (Int32, Int) throws -> Void = { descriptor, position in
    guard lseek(descriptor, off_t(position), SEEK_SET) >= 0 else {
      throw SystemFault(code: errno)
    }
  }
  var changeOwner: @Sendable (Int32, UInt32, UInt32) throws -> Void = {
    descriptor, owner, group in
    _ = try checked(fchown(descriptor, uid_t(owner), gid_t(group)))
  }
  var changeMode: @Sendable (Int32, UInt32) throws -> Void = {
    descriptor, mode in
    _ = try checked(fchmod(descriptor, mode_t(mode)))
  }
  var flush: @Sendable (Int32) throws -> Void = { descriptor in
    _ = try checked(fsync(descriptor))
  }
  var close: @Sendable (Int32) throws -> Void = { descriptor in
    #if canImport(Darwin)
      _ = try checked(Darwin.close(descriptor))
    #elseif canImport(Musl)
      _ = try checked(Musl.close(descriptor))
    #else
      _ = try checked(Glibc.close(descriptor))
    #endif
  }
  var rename: @Sendable (String, String) throws -> Void = {
    from, to in
    #if canImport(Darwin)
      _ = try checked(Darwin.rename(from, to))
    #elseif canImport(Musl)
      _ = try checked(Musl.rename(from, to))
    #else
      _ = try checked(Glibc.rename(from, to))
    #endif
  }
  /// Gives a file a second name.
  var addName: @Sendable (String, String) throws -> Void = {
    from, to in
    _ = try checked(link(from, to))
  }
  var remove: @Sendable (String) throws -> Void = { path in
    _ = try checked(unlink(path))
  }

  /// The system's own calls.
  static let system = FileCalls()

  /// Makes a call again as long as a signal interrupts it.
  func again<Result>(_ call: () throws -> Result) throws -> Result {
    for _ in 0..<1000 {
      do {
        return try call()
      } catch let fault as SystemFault where fault == .interrupted {
        continue
      }
    }
    throw SystemFault.interrupted
  }
}

private func checked(_ result: Int32) throws -> Int32 {
  guard result >= 0 else { throw SystemFault(code: errno) }
  return result
}

extension FileStatus {
  fileprivate init(_ buffer: stat) {
    switch buffer.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    case S_IFIFO: kind = .pipe
    case S_IFSOCK: kind = .socket
    case S_IFCHR, S_IFBLK: kind = .device
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    #if canImport(Darwin)
      let written = buffer.st_mtimespec
    #else
      let written = buffer.st_mtim
    #endif
    stamp = FileStamp(
      seconds: Int(written.tv_sec), nanoseconds: Int(written.tv_nsec), size: Int(buffer.st_size),
      inode: UInt64(buffer.st_ino), device: UInt64(truncatingIfNeeded: buffer.st_dev))
    mode = UInt32(buffer.st_mode) & 0o7777
    owner = UInt32(buffer.st_uid)
    group = UInt32(buffer.st_gid)
  }
}
