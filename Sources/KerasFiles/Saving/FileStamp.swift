/// What tells one state of a file from another: when it was written, its size, which file it is.
public struct FileStamp: Hashable, Sendable {
  /// Seconds since 1970 of the last write.
  public var seconds: Int
  /// Nanoseconds within that second.
  public var nanoseconds: Int
  /// Bytes.
  public var size: Int
  /// The file's number on its file system.
  public var inode: UInt64
  /// The file system's number.
  public var device: UInt64
}

/// What the system knows of a file.
struct FileStatus: Sendable {
  /// What kind of thing stands at a path.
  enum Kind: Sendable {
    case regular, folder, pipe, socket, device, link, other

    /// The kind in words for a message.
    var words: String {
      switch self {
      case .regular: "a file"
      case .folder: "a folder"
      case .pipe: "a pipe"
      case .socket: "a socket"
      case .device: "a device"
      case .link: "a symbolic link"
      case .other: "not a file"
      }
    }
  }

  var kind: Kind
  var stamp: FileStamp
  /// Permission bits.
  var mode: UInt32
  var owner: UInt32
  var group: UInt32
}
