import IsolatedHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The pipe ended before everything was told.
struct EndOfPipe: Error {}

/// What a child that reads an HDF5 file tells.
///
/// It has read bytes that nobody vouches for: everything it says is checked.
final class Pipe {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var rest: Range<Int> = 0..<0

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func close() {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }

  /// Fills a buffer with the next bytes.
  ///
  /// - Returns: whether all of them came.
  func fill(_ out: UnsafeMutableRawBufferPointer) -> Bool {
    let known = min(rest.count, out.count)
    if known > 0 {
      out.copyBytes(from: buffer[rest.prefix(known)])
      rest = rest.dropFirst(known)
    }
    var done = known
    while done < out.count {
      let count = read(descriptor, out.baseAddress.map { $0 + done }, out.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  func byte() throws(EndOfPipe) -> UInt8 {
    if rest.isEmpty {
      var count: Int
      repeat {
        count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      } while count < 0 && errno == EINTR
      guard count > 0 else { throw EndOfPipe() }
      rest = 0..<count
    }
    let byte = buffer[rest.lowerBound]
    rest = rest.dropFirst()
    return byte
  }

  func number4() throws(EndOfPipe) -> Int {
    var number: UInt32 = 0
    for shift in 0..<4 { number |= UInt32(try byte()) << (8 * shift) }
    return Int(number)
  }

  func number8() throws(EndOfPipe) -> UInt64 {
    var number: UInt64 = 0
    for shift in 0..<8 { number |= UInt64(try byte()) << (8 * shift) }
    return number
  }

  /// The longest text that a child can tell.
  private static let longest = 64 << 20

  func text() throws(EndOfPipe) -> String {
    let length = try number4()
    guard length <= Self.longest else { throw EndOfPipe() }
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { out, initialized in
      isWhole = fill(
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(out)[..<length]))
      initialized = isWhole ? length : 0
    }
    guard isWhole else { throw EndOfPipe() }
    return String(decoding: bytes, as: UTF8.self)
  }

  func array() throws(EndOfPipe) -> HDF5Index.Array {
    var sizes: [Int] = []
    for _ in 0..<(try byte()) { sizes.append(Int(clamping: try number8())) }
    let kind = Int(try byte())
    let elementBytes = try number4()
    let isSigned = try byte() != 0
    let storedBytes = Int(clamping: try number8())
    let flags = Int(try byte())
    let element: HDF5Index.Element =
      switch kind {
      case isolated_float: .float
      case isolated_integer: .integer(isSigned: isSigned)
      case isolated_boolean: .boolean
      default: .other
      }
    return HDF5Index.Array(
      sizes: sizes, element: element, elementBytes: elementBytes, storedBytes: storedBytes,
      isPacked: flags & isolated_packed != 0, liesElsewhere: flags & isolated_elsewhere != 0,
      isUnwieldy: flags & isolated_unwieldy != 0)
  }
}
