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

/// The borders of an image.
package struct Borders: Hashable, SettingValue {
  /// Rows at the top and the bottom.
  package var rows: Border
  /// Columns at the left and the right.
  package var columns: Border

  package init(_ rows: Border, _ columns: Border) {
    self.rows = rows
    self.columns = columns
  }

  /// Reads a number for all four, a list of two for rows and columns, or a list of two pairs.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let values = configValue.listValue ?? [configValue, configValue]
    guard values.count == 2, let first = values.first, let last = values.last else {
      throw SettingError("expected 1 or 2 numbers or pairs, found \(configValue.shortDescription)")
    }
    rows = try Border(configValue: first, kind: kind)
    columns = try Border(configValue: last, kind: kind)
  }

  package var configValue: ConfigValue { [rows.configValue, columns.configValue] }

  var all: [Border] { [rows, columns] }
}
