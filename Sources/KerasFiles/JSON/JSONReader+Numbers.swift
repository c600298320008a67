import Neural

extension JSONReader {
  /// Reads a number; one written without fraction and exponent is an integer, if 64 bits hold it.
  mutating func number() throws(JSONError) -> ConfigValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    if isNegative, matches("Infinity") {
      position += 8
      return .double(-.infinity)
    }
    let digits = position
    skipDigits()
    guard position > digits else {
      throw fault("- is not followed by a digit", "write numbers as -1.5e3", at: start)
    }
    if bytes[digits] == UInt8(ascii: "0"), position - digits > 1 {
      throw fault("a number begins with a needless 0", "remove the leading zeros", at: start)
    }
    let isInteger = try !fractionAndExponent(from: start)
    // A number of a million digits is data gone wrong, and slow to convert.
    guard position - start <= 5000 else {
      throw fault("the number has more than 5000 digits", "write fewer digits", at: start)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else {
      throw fault("\(text.prefix(40)) is beyond what a number can hold", "use less", at: start)
    }
    return .double(value)
  }

  private mutating func fractionAndExponent(from start: Int) throws(JSONError) -> Bool {
    var isFractional = false
    if take(UInt8(ascii: ".")) {
      isFractional = true
      try requireDigits(from: start)
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isFractional = true
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      try requireDigits(from: start)
    }
    return isFractional
  }

  private mutating func requireDigits(from start: Int) throws(JSONError) {
    let digits = position
    skipDigits()
    if position == digits {
      throw fault("the number breaks off", "write numbers as -1.5e3", at: start)
    }
  }

  private mutating func skipDigits() {
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
  }
}
