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
      case .model: "name a .keras, .py or .json file"
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
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw FileError(path.isEmpty ? "''" : path, "no file can have this name")
    }
    do {
      return try readOpened(path, limit: limit, for: purpose, calls: calls)
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

  private static func readOpened(
    _ path: String, limit: Int, for purpose: Purpose, calls: FileCalls
  ) throws -> FileContents {
    let descriptor = try calls.openToRead(path)
    defer { try? calls.close(descriptor) }
    let status = try calls.statusOfOpen(descriptor)
    guard status.kind == .regular else {
      throw FileError.notAFile(path, status.kind, purpose)
    }
    guard status.stamp.size <= limit else {
      throw FileError.tooLarge(path, limit: limit, purpose)
    }
    let bytes = try readAll(descriptor, expecting: status.stamp.size, limit: limit, calls: calls)
    guard bytes.count <= limit else { throw FileError.tooLarge(path, limit: limit, purpose) }
    return FileContents(bytes: bytes, stamp: status.stamp)
  }

  /// Reads to the end, or to one byte beyond `limit` where the file grows meanwhile.
  private static func readAll(
    _ descriptor: Int32, expecting size: Int, limit: Int, calls: FileCalls
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
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
