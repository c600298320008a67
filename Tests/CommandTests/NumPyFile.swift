import Foundation

/// A `.npy` file of 32-bit floats, written and read without the program's own code.
enum NumPyFile {
  static func bytes(_ sizes: [Int], _ values: [Float]) -> Data {
    let shape = sizes.map { "\($0)," }.joined(separator: " ")
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    let header = text.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8))
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  /// The shape as the header has it, and the numbers.
  static func read(_ path: String) throws -> (shape: String, values: [Float]) {
    let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    return try read(data)
  }

  static func read(_ data: [UInt8]) throws -> (shape: String, values: [Float]) {
    struct NotNumPy: Error {}
    guard data.starts(with: [0x93] + Array("NUMPY".utf8)) else { throw NotNumPy() }
    let end = 10 + Int(data[8]) + Int(data[9]) * 256
    let header = String(decoding: data[10..<end], as: UTF8.self)
    guard header.contains("'<f4'"), let open = header.firstIndex(of: "("),
      let close = header.firstIndex(of: ")")
    else { throw NotNumPy() }
    let values = stride(from: end, to: data.count, by: 4).map { place in
      Float(
        bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[place + $1]) << (8 * UInt32($1)) })
    }
    return (String(header[open...close]), values)
  }
}

extension Scratch {
  /// Writes an array and gives its path.
  func npy(_ name: String, _ sizes: [Int], _ values: [Float]? = nil) throws -> String {
    let count = sizes.reduce(1, *)
    let numbers = values ?? (0..<count).map { sinf(Float($0)) }
    let file = path + "/" + name
    try NumPyFile.bytes(sizes, numbers).write(to: URL(fileURLWithPath: file))
    return file
  }
}
