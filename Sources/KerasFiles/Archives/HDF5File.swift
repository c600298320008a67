import IsolatedHDF5
import Neural

/// An HDF5 file that is read in a process of its own.
///
/// Whatever libhdf5 does on a malformed file, it ends as an error here. Nothing but the file at
/// hand is ever opened.
final class HDF5File: Sendable {
  private enum Place {
    case bytes([UInt8])
    case file(OpenedFile)
    case member(ZipReader, ZipReader.Listing)
  }

  // A zip reader is for one caller at a time: children are made one at a time.
  private nonisolated(unsafe) let place: Place
  /// How many bytes the file has.
  let size: Int
  private let memory: Int

  /// A file in memory.
  init(_ bytes: [UInt8]) {
    place = .bytes(bytes)
    size = bytes.count
    memory = Self.workingMemory
  }

  /// A file on disk.
  init(_ file: OpenedFile) {
    place = .file(file)
    size = file.stamp.size
    memory = Self.workingMemory
  }

  /// A file in an archive.
  init(_ member: ZipReader.Listing, of archive: ZipReader) {
    place = .member(archive, member)
    size = member.size
    // What is packed is unpacked in memory.
    let unpacked = member.isStored ? 0 : member.size
    memory = added(Self.workingMemory, unpacked) ?? .max
  }

  /// What the library may take beside the file.
  private static let workingMemory = 1 << 30
  /// Seconds of work in which any file's index is told.
  private static let indexSeconds: UInt64 = 5
  /// Seconds of work for numbers: some for each GB.
  private static func seconds(for bytes: Int) -> UInt64 { 5 + 20 * UInt64(max(bytes, 0) >> 30) }

  // MARK: Reading

  /// What the file holds.
  ///
  /// - Throws: `HDF5.Failure` where it is no HDF5 file or a damaged one.
  func index() throws(HDF5.Failure) -> HDF5Index {
    var result = HDF5Index()
    try told({ isolated_index($0, limits(Self.indexSeconds), $1) }) { (pipe) throws(EndOfPipe) in
      var last = ""
      while true {
        switch Int(try pipe.byte()) {
        case isolated_group:
          last = try pipe.text()
          result.groups.append(last)
        case isolated_array:
          last = try pipe.text()
          result.arrays[last] = try pipe.array()
        case isolated_link: result.links.insert(try pipe.text())
        case isolated_texts:
          let name = try pipe.text()
          var texts: [String] = []
          for _ in 0..<(try pipe.number4()) { texts.append(try pipe.text()) }
          result.attributes[last, default: [:]][name] = .texts(texts)
        case isolated_numbers:
          let name = try pipe.text()
          var numbers: [Double] = []
          for _ in 0..<(try pipe.number4()) {
            numbers.append(Double(bitPattern: try pipe.number8()))
          }
          result.attributes[last, default: [:]][name] = .numbers(numbers)
        case isolated_unknown: result.attributes[last, default: [:]][try pipe.text()] = .other
        case isolated_end: return nil
        case isolated_failure: return HDF5.Failure(try pipe.text())
        default: throw EndOfPipe()
        }
      }
    }
    result.markBFloats()
    return result
  }

  /// The numbers of arrays as 32-bit floats, in the order of `paths`.
  ///
  /// - Parameters:
  ///   - paths: the arrays.
  ///   - index: what the file holds.
  ///   - checks: whether a checksum of the whole file is compared first, where it has one.
  /// - Returns: a tensor for each path.
  /// - Throws: `HDF5.Failure` where one is missing, damaged, or holds no numbers.
  func tensors(
    _ paths: [String], _ index: HDF5Index, checks: Bool = false
  ) throws(HDF5.Failure) -> [Tensor] {
    var sizes: [[Int]] = []
    for path in paths { sizes.append(try index.numbers(path, fileBytes: size).sizes) }
    var result: [Tensor] = []
    try read(paths, natively: false, checks: checks, bytes: sizes.map { 4 * $0.reduce(1, *) }) {
      (number, pipe) throws(EndOfPipe) in
      var isWhole = true
      let tensor = Tensor(sizes[number]) { out in
        isWhole = pipe.fill(UnsafeMutableRawBufferPointer(out))
        if !isWhole { out.update(repeating: 0) }
      }
      guard isWhole else { throw EndOfPipe() }
      result.append(tensor)
    }
    return result
  }

  /// Hands the numbers of one array out as they are read, some at a time: the array is never
  /// held whole.
  ///
  /// - Parameters:
  ///   - path: the array.
  ///   - index: what the file holds.
  ///   - body: takes the next numbers in row-major order.
  /// - Throws: `HDF5.Failure` where it is missing, damaged, or holds no numbers.
  func stream(
    _ path: String, _ index: HDF5Index, _ body: (UnsafeBufferPointer<Float>) -> Void
  ) throws(HDF5.Failure) {
    let count = try index.numbers(path, fileBytes: size).count ?? 0
    try read([path], natively: false, checks: false, bytes: [4 * count]) {
      (_, pipe) throws(EndOfPipe) in
      var rest = count
      var block = [Float](repeating: 0, count: min(count, 1 << 18))
      while rest > 0 {
        // What nobody waits for any more is not read to its end.
        guard !Task.isCancelled else { throw EndOfPipe() }
        let part = min(rest, block.count)
        let isWhole = block.withUnsafeMutableBytes { pipe.fill(.init(rebasing: $0[..<(4 * part)])) }
        guard isWhole else { throw EndOfPipe() }
        block.withUnsafeBufferPointer { body(.init(rebasing: $0[..<part])) }
        rest -= part
      }
    }
  }

  /// Arrays as they are, for files that hand them on.
  ///
  /// - Throws: `HDF5.Failure` where one is missing, damaged, or holds no numbers.
  func nativeArrays(
    _ paths: [String], _ index: HDF5Index
  ) throws(HDF5.Failure) -> [NativeArray] {
    var arrays: [HDF5Index.Array] = []
    for path in paths { arrays.append(try index.numbers(path, fileBytes: size)) }
    var result: [NativeArray] = []
    let bytes = arrays.map { ($0.count ?? 0) * $0.elementBytes }
    try read(paths, natively: true, checks: false, bytes: bytes) {
      (number, pipe) throws(EndOfPipe) in
      var isWhole = true
      let values = [UInt8](unsafeUninitializedCapacity: bytes[number]) { out, initialized in
        isWhole = pipe.fill(.init(rebasing: UnsafeMutableRawBufferPointer(out)[..<bytes[number]]))
        initialized = isWhole ? bytes[number] : 0
      }
      guard isWhole else { throw EndOfPipe() }
      let array = arrays[number]
      result.append(
        NativeArray(
          sizes: array.sizes, element: array.element, elementBytes: array.elementBytes,
          bytes: values))
    }
    return result
  }

  private func read(
    _ paths: [String], natively: Bool, checks: Bool, bytes: [Int],
    _ take: (Int, Pipe) throws(EndOfPipe) -> Void
  ) throws(HDF5.Failure) {
    guard !paths.isEmpty else { return }
    let seconds = Self.seconds(for: bytes.reduce(0) { added($0, $1) ?? .max })
    let names = CStrings(paths)
    var number = 0
    try told(
      { isolated_read($0, limits(seconds), names.pointers, paths.count, natively, $1) },
      checks: checks
    ) { (pipe) throws(EndOfPipe) in
      while true {
        switch Int(try pipe.byte()) {
        case isolated_bytes:
          guard number < paths.count, Int(clamping: try pipe.number8()) == bytes[number] else {
            throw EndOfPipe()
          }
          try take(number, pipe)
          number += 1
        case isolated_end: return nil
        case isolated_failure: return HDF5.Failure(try pipe.text())
        case isolated_array_failure:
          return HDF5.Failure("\(paths[min(number, paths.count - 1)]) \(try pipe.text())")
        default: throw EndOfPipe()
        }
      }
    }
  }

  // MARK: The process

  /// Starts a child, hears what it tells, and waits for its end.
  private func told(
    _ start: (UnsafePointer<isolated_source>, UnsafeMutablePointer<isolated_child>) -> Int32,
    checks: Bool = false, _ listen: (Pipe) throws(EndOfPipe) -> HDF5.Failure?
  ) throws(HDF5.Failure) {
    var child = isolated_child()
    let problem = try HDF5.exclusively { () throws(HDF5.Failure) in
      withSource(checks: checks) { start($0, &child) }
    }
    guard problem == 0 else {
      throw HDF5.Failure("could not be read: \(SystemFault(code: problem).words)")
    }
    let pipe = Pipe(child.pipe)
    var failure: HDF5.Failure?
    do throws(EndOfPipe) {
      failure = try listen(pipe)
    } catch {
      failure = HDF5.Failure("is damaged: the HDF5 library fails on it")
    }
    pipe.close()
    _ = isolated_wait(child.process)
    if let failure { throw failure }
  }

  private func limits(_ seconds: UInt64) -> isolated_limits {
    isolated_limits(memory: UInt64(memory), seconds: seconds)
  }

  private func withSource(
    checks: Bool, _ body: (UnsafePointer<isolated_source>) -> Int32
  ) -> Int32 {
    var source = isolated_source()
    source.descriptor = -1
    source.size = UInt64(max(size, 0))
    source.checks = checks
    switch place {
    case .bytes(let bytes):
      return bytes.withUnsafeBytes { buffer in
        source.bytes = buffer.baseAddress
        return body(&source)
      }
    case .file(let file):
      source.descriptor = file.descriptor
      return body(&source)
    case .member(let archive, let member):
      source.archive = archive.archive
      source.member = member.index
      source.is_stored = member.isStored
      return body(&source)
    }
  }
}

/// An array as a file has it, to be handed on as it is.
struct NativeArray: Hashable, Sendable {
  /// The size of each axis.
  var sizes: [Int]
  var element: HDF5Index.Element
  /// Bytes of an element.
  var elementBytes: Int
  /// The elements in row-major order, as this machine keeps them.
  var bytes: [UInt8]
}

/// Texts for C, for as long as this is.
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    pointers = .allocate(capacity: max(count, 1))
    for (index, text) in texts.enumerated() {
      let bytes = text.utf8CString
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      _ = UnsafeMutableBufferPointer(start: copy, count: bytes.count).initialize(from: bytes)
      (pointers + index).initialize(to: UnsafePointer(copy))
    }
  }

  deinit {
    for index in 0..<count { pointers[index]?.deallocate() }
    pointers.deallocate()
  }
}
