#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file with the stamp they had.
public struct FileContents: Sendable {
  /// The bytes.
  public var bytes: [UInt8]
  /// The file's stamp when it was read.
  public var stamp: FileStamp

  /// The most bytes that a model's text may have unless a caller says otherwise: 16 MB.
  ///
  /// A config holds no weights, and what is read takes some thirty times its bytes.
  public static let sizeLimit = 16 << 20

  /// What a file is read for: what a message tells a person who named the wrong one.
  public enum Purpose: Sendable {
    /// A model: a script, a config, or a file with weights.
    case model
    /// Numbers.
    case array

    fileprivate var remedyForNoFile: String {
      switch self {
      case .model: "name a .keras, .h5, .py or .json file"
      case .array: "name a .npy, .npz or .csv file"
      }
    }
    fileprivate var remedyForTooLarge: String {
      switch self {
      case .model: "no model's text is that long"
      case .array: "use fewer samples or timesteps, or allow more with --memory"
      }
    }
  }

  /// Reads a file whole.
  ///
  /// Never waits: a pipe or a device is refused, not read.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes it may have.
  ///   - purpose: What it is read for.
  /// - Returns: The bytes and the file's stamp.
  /// - Throws: `FileError` where it is missing, unreadable, too large, or no file.
  public static func read(
    _ path: String, limit: Int = sizeLimit, for purpose: Purpose = .model
  ) throws(FileError) -> FileContents {
    try read(path, limit: limit, for: purpose, calls: .system)
  }

  static func read(
    _ path: String, limit: Int, for purpose: Purpose = .model, calls: FileCalls
  ) throws(FileError) -> FileContents {
    let file = try OpenedFile(path, for: purpose, calls: calls)
    return try file.contents(limit: limit)
  }
}

/// A file that was opened to read: its bytes stay those of this file, whatever takes its name.
public final class OpenedFile: Sendable {
  /// The file, as the person named it.
  public let path: String
  /// The file's stamp when it was opened.
  public let stamp: FileStamp
  /// The system's number of the open file, for reading at places.
  let descriptor: Int32
  private let purpose: FileContents.Purpose
  private let calls: FileCalls

  /// Opens a file.
  ///
  /// Never waits: a pipe or a device is refused, not read.
  ///
  /// - Throws: `FileError` where it is missing, unreadable, or no file.
  public convenience init(
    _ path: String, for purpose: FileContents.Purpose = .model
  ) throws(FileError) {
    try self.init(path, for: purpose, calls: .system)
  }

  init(
    _ path: String, for purpose: FileContents.Purpose, calls: FileCalls
  ) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw FileError(path.isEmpty ? "''" : path, "no file can have this name")
    }
    self.path = path
    self.purpose = purpose
    self.calls = calls
    (descriptor, stamp) = try Self.asked(path) {
      let descriptor = try calls.openToRead(path)
      do {
        let status = try calls.statusOfOpen(descriptor)
        guard status.kind == .regular else {
          throw FileError.notAFile(path, status.kind, purpose)
        }
        return (descriptor, status.stamp)
      } catch {
        try? calls.close(descriptor)
        throw error
      }
    }
  }

  deinit { try? calls.close(descriptor) }

  /// Whether nobody has written into the file since it was opened.
  var isUnchanged: Bool { (try? calls.statusOfOpen(descriptor))?.stamp == stamp }

  /// The first bytes of the file, or as many as it has.
  func firstBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = max(pread(descriptor, buffer.baseAddress, count, 0), 0)
    }
  }

  /// All bytes of the file.
  ///
  /// - Parameter limit: the most bytes it may have.
  /// - Returns: the bytes and the file's stamp.
  /// - Throws: `FileError` where it is too large or cannot be read.
  func contents(limit: Int) throws(FileError) -> FileContents {
    guard stamp.size <= limit else { throw FileError.tooLarge(path, limit: limit, purpose) }
    let bytes = try Self.asked(path) { try readAll(limit: limit) }
    guard bytes.count <= limit else { throw FileError.tooLarge(path, limit: limit, purpose) }
    return FileContents(bytes: bytes, stamp: stamp)
  }

  /// Tells a fault of the system as one of the file.
  private static func asked<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws(FileError) -> Result {
    do {
      return try body()
    } catch let fault as SystemFault {
      throw FileError(
        path, fault == .missing ? fault.words : "cannot be read: \(fault.words)",
        remedy: fault == .missing ? "check the name" : "")
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path, "cannot be read")
    }
  }

  /// Reads to the end, or to one byte beyond `limit` where the file grows meanwhile.
  private func readAll(limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(stamp.size)
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      do {
        let count = try block.withUnsafeMutableBytes { try calls.read(descriptor, $0) }
        if count == 0 { break }
        bytes.append(contentsOf: block[..<min(count, block.count)])
      } catch let fault as SystemFault where fault == .interrupted {
        continue
      }
    }
    return bytes
  }
}

extension FileError {
  fileprivate static func notAFile(
    _ path: String, _ kind: FileStatus.Kind, _ purpose: FileContents.Purpose
  ) -> FileError {
    FileError(path, "is \(kind.words), not a file", remedy: purpose.remedyForNoFile)
  }

  fileprivate static func tooLarge(
    _ path: String, limit: Int, _ purpose: FileContents.Purpose
  ) -> FileError {
    FileError(path, "is larger than \(limit >> 20) MB", remedy: purpose.remedyForTooLarge)
  }
}
