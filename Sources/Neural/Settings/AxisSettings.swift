/// One axis, counted from 0 or from −1 backwards; Keras 2 wrote it as a list of one.
package struct SingleAxis: Hashable, SettingValue {
  /// The index as it was given.
  package var index: Int

  package init(_ index: Int) { self.index = index }

  /// Reads a number, or a list of one number.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let values = configValue.listValue ?? [configValue]
    guard values.count == 1, let first = values.first else {
      throw SettingError("expected one axis, found \(configValue.shortDescription)")
    }
    index = try Int(configValue: first, kind: .axes)
  }

  package var configValue: ConfigValue { .int(index) }
}

/// One axis or several of them, written as they were given.
package struct AxisList: Hashable, SettingValue {
  /// The indices as they were given.
  package var indices: [Int]
  /// Whether they were given as a list: `[-1]`, not `-1`.
  package var isList: Bool

  package init(_ index: Int) {
    indices = [index]
    isList = false
  }

  /// Reads a number or a list of numbers.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    indices = try [Int](configValue: configValue, kind: .axes)
    isList = configValue.listValue != nil
  }

  package var configValue: ConfigValue {
    isList ? indices.configValue : indices.first?.configValue ?? .null
  }
}

extension Shape {
  /// The axis that `index` names, counted from 0.
  ///
  /// - Throws: `ShapeError` where the shape has no such axis.
  package func requireAxis(_ index: Int, for layer: String) throws(ShapeError) -> Int {
    guard index >= -rank, index < rank else {
      throw ShapeError(
        "\(layer) has axis \(index), but the input has \(rank) axes: \(self)",
        remedy: rank == 0 ? "" : "use an axis from \(-rank) to \(rank - 1)")
    }
    return index < 0 ? index + rank : index
  }

  /// The axes that `indices` name, ascending, counted from 0.
  ///
  /// - Throws: `ShapeError` where there is none, one does not exist, or one stands there twice.
  func requireAxes(_ indices: [Int], for layer: String) throws(ShapeError) -> [Int] {
    var axes: [Int] = []
    for index in indices {
      let axis = try requireAxis(index, for: layer)
      guard !axes.contains(axis) else {
        throw ShapeError("\(layer) has axis \(indices): one axis stands there twice")
      }
      axes.append(axis)
    }
    guard !axes.isEmpty else { throw ShapeError("\(layer) has no axis", remedy: "use axis -1") }
    return axes.sorted()
  }
}
