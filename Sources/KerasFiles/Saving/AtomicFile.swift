/// Saves a file all or nothing.
///
/// The bytes go to a new file in the same folder, which then takes the name of the old one in
/// one step. Whatever fails, the old bytes stay, and nothing else is left behind.
public struct AtomicFile: Sendable {
  /// What may stand at the path before.
  public enum Expectation: Hashable, Sendable {
    /// Nothing: a file that is there already is not touched.
    case nothing
    /// The file that was opened, unchanged since.
    case unchanged(FileStamp)
    /// Anything: the person said to overwrite it.
    case anything
  }

  let calls: FileCalls
  private let randomName: @Sendable () -> String

  /// Saves with the system's own calls.
  public init() {
    self.init(calls: .system)
  }

  init(calls: FileCalls, randomName: (@Sendable () -> String)? = nil) {
    self.calls = calls
    self.randomName =
      randomName ?? { ".unroll-" + String(UInt64.random(in: 0 ... .max), radix: 16) }
  }

  /// Writes a file whole, or leaves everything as it was.
  ///
  /// - Parameters:
  ///   - bytes: What the file is to hold.
  ///   - path: The file; a symbolic link stays, and what it points to is written.
  ///   - expectation: What may stand there now.
  /// - Returns: The new file's stamp.
  /// - Throws: `FileError` where any step fails; the old bytes are intact then.
  public func write(
    _ bytes: [UInt8], to path: String, expecting expectation: Expectation
  ) throws(FileError) -> FileStamp {
    try write(to: path, expecting: expectation) { try $0.write(bytes) }
  }

  /// Writes a file whole as its bytes are made, or leaves everything as it was.
  ///
  /// - Parameters:
  ///   - path: The file; a symbolic link stays, and what it points to is written.
  ///   - expectation: What may stand there now.
  ///   - fill: Writes the bytes; what it throws ends the save.
  /// - Returns: The new file's stamp.
  /// - Throws: `FileError` where any step fails; the old bytes are intact then.
  func write(
    to path: String, expecting expectation: Expectation,
    filledBy fill: (any ByteSink) throws -> Void
  ) throws(FileError) -> FileStamp {
    do {
      return try replace(path, expecting: expectation, filledBy: fill)
    } catch let error as FileError {
      throw error
    } catch let fault as SystemFault {
      throw FileError(path, "could not be saved: \(fault.words)", remedy: fault.remedyForSaving)
    } catch let failure as HDF5.Failure {
      throw FileError(path, "could not be saved: \(failure.message)")
    } catch is ZipWriter.Failure {
      throw FileError(path, "could not be saved: there is not enough memory")
    } catch {
      throw FileError(path, "could not be saved")
    }
  }

  private func replace(
    _ path: String, expecting expectation: Expectation,
    filledBy fill: (any ByteSink) throws -> Void
  ) throws -> FileStamp {
    guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
      throw FileError(path.isEmpty ? "''" : path, "no file can have this name")
    }
    let target = try resolved(path)
    let old = try existing(target)
    try check(old, against: expectation, path: path)
    if let old, old.kind != .regular {
      throw FileError(path, "is \(old.kind.words), not a file", remedy: "save under another name")
    }
    if old != nil, !calls.mayWrite(target) {
      throw FileError(path, "is write-protected", remedy: "save under another name")
    }
    let folder = folderOf(target)
    let (temporary, descriptor) = try newFile(in: folder, mode: old == nil ? 0o666 : 0o600)
    do {
      let stamp = try finish(descriptor, like: old, filledBy: fill)
      try check(try existing(target), against: expectation, path: path)
      try putInPlace(temporary, at: target, in: folder, replacing: old != nil)
      return stamp
    } catch {
      try? calls.remove(temporary)
      throw error
    }
  }

  /// What stands at the path, if anything does.
  private func existing(_ target: String) throws -> FileStatus? {
    do {
      return try calls.status(target)
    } catch let fault as SystemFault where fault == .missing {
      return nil
    }
  }

  private func check(
    _ old: FileStatus?, against expectation: Expectation, path: String
  ) throws(FileError) {
    guard let old else { return }
    switch expectation {
    case .anything: return
    case .nothing:
      throw conflict(path, "exists already")
    case .unchanged(let stamp) where stamp == old.stamp: return
    case .unchanged:
      throw conflict(path, "was changed by someone else since it was opened")
    }
  }

  /// Removes a file that was written for nothing.
  func discard(_ path: String) { try? calls.remove(path) }

  private func conflict(_ path: String, _ message: String) -> FileError {
    var error = FileError(path, message, remedy: "overwrite it, or save under another name")
    error.isConflict = true
    return error
  }

  /// Follows symbolic links, so that the link stays and its file is replaced.
  private func resolved(_ path: String) throws -> String {
    var path = path
    for _ in 0..<40 {
      guard try existing(path)?.kind == .link else { return path }
      let next = try calls.linkTarget(path)
      path = next.hasPrefix("/") ? next : folderOf(path) + "/" + next
    }
    throw FileError(path, "the symbolic links go in a circle")
  }

  private func folderOf(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a file with a name that nobody else has.
  private func newFile(in folder: String, mode: UInt32) throws -> (path: String, Int32) {
    for _ in 0..<16 {
      let path = folder + "/" + randomName()
      do {
        return (path, try calls.again { try calls.create(path, mode) })
      } catch let fault as SystemFault where fault == .exists {
        continue
      }
    }
    throw SystemFault.exists
  }

  /// Writes the bytes to the disk itself, with the owner and mode of the old file.
  private func finish(
    _ descriptor: Int32, like old: FileStatus?, filledBy fill: (any ByteSink) throws -> Void
  ) throws -> FileStamp {
    let stamp: FileStamp
    do {
      if let old { try takeOver(old, descriptor) }
      try fill(FileSink(descriptor, calls))
      try calls.again { try calls.flush(descriptor) }
      stamp = try calls.statusOfOpen(descriptor).stamp
    } catch {
      try? calls.close(descriptor)
      throw error
    }
    do {
      try calls.close(descriptor)
    } catch let fault as SystemFault where fault == .interrupted {
      // The descriptor is closed all the same, and the bytes are on the disk.
    }
    return stamp
  }

  private func takeOver(_ old: FileStatus, _ descriptor: Int32) throws {
    var mode = old.mode
    let new = try calls.statusOfOpen(descriptor)
    if new.owner != old.owner || new.group != old.group {
      do {
        try calls.changeOwner(descriptor, old.owner, old.group)
      } catch {
        // Only the superuser gives files away. The group must not read what it could not before.
        let others = mode & 0o7
        mode = (mode & 0o700) | (mode & 0o070 & (others << 3)) | others
      }
    }
    try calls.changeMode(descriptor, mode)
  }

  /// Gives the new file the old one's name and makes that last.
  ///
  /// The old file keeps a second name until the folder is on the disk, so that a failure there
  /// can be undone too.
  private func putInPlace(
    _ temporary: String, at target: String, in folder: String, replacing: Bool
  ) throws {
    let descriptor = try calls.again { try calls.openFolder(folder) }
    defer { try? calls.close(descriptor) }
    let backup = temporary + "-old"
    // Not every file system has second names; without one only the last step cannot be undone.
    let hasBackup = replacing && (try? calls.addName(target, backup)) != nil
    do {
      try calls.again { try calls.rename(temporary, target) }
    } catch {
      if hasBackup { try? calls.remove(backup) }
      throw error
    }
    do {
      try flushFolder(descriptor)
    } catch {
      if hasBackup {
        try? calls.rename(backup, target)
      } else if !replacing {
        try? calls.remove(target)
      }
      throw error
    }
    if hasBackup { try? calls.remove(backup) }
  }

  private func flushFolder(_ descriptor: Int32) throws {
    do {
      try calls.again { try calls.flush(descriptor) }
    } catch let fault as SystemFault where fault == .invalid {
      // Some file systems do not flush folders, and need not.
    }
  }
}

extension SystemFault {
  fileprivate var remedyForSaving: String {
    self == .missing ? "check that the folder exists" : "the old file is unchanged"
  }
}
