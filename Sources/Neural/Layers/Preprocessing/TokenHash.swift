/// Hashes of whole numbers as TensorFlow makes them of their digits.
///
/// Sources: FarmHash's `Fingerprint64` (G. Pike) for short texts, SipHash-2-4 (J.-P. Aumasson and
/// D. J. Bernstein, 2012), and `FingerprintCat64` of TensorFlow's `fingerprint.h`.
enum TokenHash {
  /// Numbers from here on are not all exact as 32-bit floats, so that their digits are not known.
  static let limit = 1 << 24

  /// The bucket of a number.
  ///
  /// - Parameters:
  ///   - number: the number.
  ///   - count: how many buckets there are, 1 or more.
  ///   - salt: a key that makes other hashes; `nil`: none.
  /// - Returns: the bucket, from 0 up to `count` − 1.
  static func bucket(of number: Int, count: Int, salt: Salt?) -> Int {
    let digits = Array(String(number).utf8)
    let hash = salt.map { sipHash(digits, $0.first, $0.second) } ?? farmHash(digits)
    return Int(hash % UInt64(max(count, 1)))
  }

  /// FarmHash's fingerprint of at most 16 bytes.
  private static func farmHash(_ bytes: [UInt8]) -> UInt64 {
    let (k0, k2): (UInt64, UInt64) = (0xc3a5_c85c_97cb_3127, 0x9ae1_6a3b_2f90_404f)
    let count = UInt64(bytes.count)
    let mul = k2 &+ count &* 2
    func mixed(_ u: UInt64, _ v: UInt64) -> UInt64 {
      let a = shifted((u ^ v) &* mul)
      return shifted((v ^ a) &* mul) &* mul
    }
    func right(_ value: UInt64, _ by: UInt64) -> UInt64 { value >> by | value << (64 - by) }
    switch bytes.count {
    case 8...:
      let a = word(bytes.prefix(8)) &+ k2
      let b = word(bytes.suffix(8))
      return mixed(right(b, 37) &* mul &+ a, (right(a, 25) &+ b) &* mul)
    case 4...:
      return mixed(count &+ word(bytes.prefix(4)) << 3, word(bytes.suffix(4)))
    case 1...:
      let y = UInt64(bytes[0]) &+ UInt64(bytes[bytes.count / 2]) << 8
      let z = count &+ UInt64(bytes[bytes.count - 1]) << 2
      return shifted(y &* k2 ^ z &* k0) &* k2
    default: return k2
    }
  }

  private static func shifted(_ value: UInt64) -> UInt64 { value ^ value >> 47 }

  /// Bytes as a number, the lowest first.
  private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
  }

  private static func sipHash(_ bytes: [UInt8], _ first: UInt64, _ second: UInt64) -> UInt64 {
    var v0 = first ^ 0x736f_6d65_7073_6575
    var v1 = second ^ 0x646f_7261_6e64_6f6d
    var v2 = first ^ 0x6c79_6765_6e65_7261
    var v3 = second ^ 0x7465_6462_7974_6573
    func left(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
    func round() {
      v0 = v0 &+ v1
      v1 = left(v1, 13) ^ v0
      v0 = left(v0, 32)
      v2 = v2 &+ v3
      v3 = left(v3, 16) ^ v2
      v0 = v0 &+ v3
      v3 = left(v3, 21) ^ v0
      v2 = v2 &+ v1
      v1 = left(v1, 17) ^ v2
      v2 = left(v2, 32)
    }
    func take(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }
    let whole = bytes.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) { take(word(bytes[start..<(start + 8)])) }
    take(word(bytes[whole...]) | UInt64(bytes.count) << 56)
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  /// The bucket of several numbers together.
  static func bucket(ofAll numbers: [Int], count: Int) -> Int {
    let multiplier: UInt64 = 0xc6a4_a793_5bd1_e995
    let hash = numbers.reduce(0xDECA_FCAF_FE as UInt64) { hash, number in
      let next = UInt64(bitPattern: Int64(number)) &* multiplier
      let mixed = (hash ^ multiplier) ^ shifted(next) &* multiplier
      return shifted(shifted(mixed &* multiplier) &* multiplier)
    }
    return Int(hash % UInt64(max(count, 1)))
  }
}

/// Two numbers that make other hashes; one number stands for two of it.
package struct Salt: Hashable, SettingValue {
  let first: UInt64
  let second: UInt64
  package let configValue: ConfigValue

  /// Reads a whole number, or a list of two.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let values = configValue.listValue ?? [configValue, configValue]
    guard values.count == 2, let first = values[0].intValue, let second = values[1].intValue else {
      throw SettingError("expected 1 or 2 whole numbers, found \(configValue.shortDescription)")
    }
    self.first = UInt64(bitPattern: Int64(first))
    self.second = UInt64(bitPattern: Int64(second))
    self.configValue = [.int(first), .int(second)]
  }
}

extension Tensor {
  /// The numbers as whole ones, fractions cut off.
  ///
  /// - Throws: `PassError` where one is none, or too large to be exact.
  func wholeNumbers(for layer: String) throws(PassError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(count)
    for number in values {
      guard abs(number) < Float(TokenHash.limit),
        let whole = Int(exactly: number.rounded(.towardZero))
      else {
        throw PassError(
          "\(layer) takes whole numbers below \(TokenHash.limit.grouped), "
            + "found \(Double(number).pythonDescription)",
          remedy: "larger ones are not exact here")
      }
      result.append(whole)
    }
    return result
  }
}
