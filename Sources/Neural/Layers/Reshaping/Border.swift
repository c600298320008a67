/// How many positions are added or cut off at both ends of an axis.
package struct Border: Hashable, SettingValue {
  /// Before the first position.
  package var before: Int
  /// After the last position.
  package var after: Int

  package init(_ before: Int, _ after: Int) {
    self.before = before
    self.after = after
  }

  /// Reads a number for both ends, or a list of two.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let numbers = configValue.listValue ?? [configValue, configValue]
    guard numbers.count == 2, let first = numbers.first, let last = numbers.last else {
      throw SettingError("expected 1 or 2 numbers, found \(configValue.shortDescription)")
    }
    before = try Int(configValue: first, kind: .integer(0...largestSize))
    after = try Int(configValue: last, kind: .integer(0...largestSize))
  }

  package var configValue: ConfigValue { [.int(before), .int(after)] }

  /// Both ends together; each is at most 2^53.
  var total: Int { before + after }
}
