import CZip

/// Where libzip writes an archive to: a `ByteSink`.
final class ZipOutput {
  /// What the sink threw, which libzip only knows as "cannot write".
  private(set) var fault: (any Error)?
  private let sink: any ByteSink
  private var position = 0
  private var length = 0
  private var error = zip_error_t()

  init(_ sink: any ByteSink) {
    self.sink = sink
    zip_error_init(&error)
  }

  deinit { zip_error_fini(&error) }

  /// Answers libzip's commands; the first argument is the object.
  static let answer: zip_source_callback = { place, data, length, command in
    guard let place else { return -1 }
    return Unmanaged<ZipOutput>.fromOpaque(place).takeUnretainedValue()
      .answer(command, data, Int(clamping: length))
  }

  private func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ count: Int)
    -> zip_int64_t
  {
    switch command {
    case ZIP_SOURCE_SUPPORTS: return Self.commands
    // A file that is empty yet.
    case ZIP_SOURCE_STAT: return stat(of: 0, in: data, count)
    case ZIP_SOURCE_ERROR: return data.map { zip_error_to_data(&error, $0, UInt64(count)) } ?? -1
    case ZIP_SOURCE_WRITE: return write(UnsafeRawBufferPointer(start: data, count: count))
    case ZIP_SOURCE_TELL_WRITE: return Int64(position)
    case ZIP_SOURCE_SEEK_WRITE: return data.map { seek($0, count) } ?? -1
    default: return 0
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> zip_int64_t {
    do {
      try sink.write(bytes)
    } catch {
      return fail(error)
    }
    position += bytes.count
    length = max(length, position)
    return Int64(bytes.count)
  }

  private func seek(_ arguments: UnsafeMutableRawPointer, _ count: Int) -> zip_int64_t {
    let target = zip_source_seek_compute_offset(
      UInt64(position), UInt64(length), arguments, UInt64(count), &error)
    guard target >= 0 else { return -1 }
    do {
      try sink.seek(to: Int(target))
    } catch {
      return fail(error)
    }
    position = Int(target)
    return 0
  }

  private func fail(_ fault: any Error) -> zip_int64_t {
    self.fault = self.fault ?? fault
    zip_error_set(&error, ZIP_ER_WRITE, 0)
    return -1
  }

  /// The commands that are answered: all that libzip wants of a file it writes.
  private static let commands: zip_int64_t = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, ZIP_SOURCE_BEGIN_WRITE,
    ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE,
    ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE,
  ].reduce(0) { $0 | 1 << zip_int64_t($1.rawValue) }
}

/// Where libzip reads a member from: its bytes, made when it opens it and gone when it closes it.
final class ZipInput {
  let member: ZipWriter.Member
  /// Memory of its own, to be given back.
  private var made: UnsafeMutableRawBufferPointer?
  private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
  private var error = zip_error_t()

  init(_ member: ZipWriter.Member) {
    self.member = member
    zip_error_init(&error)
  }

  deinit {
    close()
    zip_error_fini(&error)
  }

  private var size: Int {
    switch member.content {
    case .bytes(let bytes): bytes.count
    case .borrowed(let bytes): bytes.count
    case .made(let size, _): size
    }
  }

  /// Answers libzip's commands; the first argument is the object.
  static let answer: zip_source_callback = { place, data, length, command in
    guard let place else { return -1 }
    return Unmanaged<ZipInput>.fromOpaque(place).takeUnretainedValue()
      .answer(command, data, Int(clamping: length))
  }

  private func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ count: Int)
    -> zip_int64_t
  {
    switch command {
    case ZIP_SOURCE_SUPPORTS: return Self.commands
    case ZIP_SOURCE_STAT: return stat(of: size, in: data, count)
    case ZIP_SOURCE_ERROR: return data.map { zip_error_to_data(&error, $0, UInt64(count)) } ?? -1
    case ZIP_SOURCE_OPEN: return open()
    case ZIP_SOURCE_READ:
      let next = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
      UnsafeMutableRawBufferPointer(start: data, count: count).copyMemory(from: next)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(next.count))
      return Int64(next.count)
    case ZIP_SOURCE_CLOSE:
      close()
      return 0
    default: return 0
    }
  }

  private func open() -> zip_int64_t {
    if case .borrowed(let bytes) = member.content {
      rest = bytes
      return 0
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    switch member.content {
    case .bytes(let bytes): memory.copyBytes(from: bytes)
    case .made(_, let make): make(memory)
    case .borrowed: break
    }
    made = memory
    rest = UnsafeRawBufferPointer(memory)
    return 0
  }

  private func close() {
    made?.deallocate()
    made = nil
    rest = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  private static let commands: zip_int64_t = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SUPPORTS,
  ].reduce(0) { $0 | 1 << zip_int64_t($1.rawValue) }
}

/// Tells libzip how many bytes there are.
private func stat(
  of size: Int, in data: UnsafeMutableRawPointer?, _ count: Int
) -> zip_int64_t {
  let needed = MemoryLayout<zip_stat_t>.size
  guard count >= needed, let status = data?.assumingMemoryBound(to: zip_stat_t.self) else {
    return -1
  }
  zip_stat_init(status)
  status.pointee.size = zip_uint64_t(size)
  status.pointee.valid = zip_uint64_t(ZIP_STAT_SIZE)
  return zip_int64_t(needed)
}
