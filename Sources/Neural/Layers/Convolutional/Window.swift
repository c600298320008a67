/// A window that slides over axes: of a convolution or of pooling.
package struct Window: Hashable, Sendable {
  /// Positions it covers on each axis, gaps not counted.
  package var size: [Int]
  /// How far it moves at a time.
  package var strides: [Int]
  /// Distance between the positions it covers; 1: neighbours.
  package var dilation: [Int]
  /// Whether zeros are added at the borders, so that it has a place at every position.
  package var isPadded: Bool

  /// A window of neighbouring positions.
  package init(size: [Int], strides: [Int], dilation: [Int]? = nil, isPadded: Bool) {
    self.size = size
    self.strides = strides
    self.dilation = dilation ?? size.map { _ in 1 }
    self.isPadded = isPadded
  }

  /// In how many places the window stands on an axis of `count` positions.
  ///
  /// ⌊(count − extent) ÷ stride⌋ + 1 without padding, ⌈count ÷ stride⌉ with it, where
  /// extent = dilation · (size − 1) + 1. Source: `keras/src/ops/operation_utils.py`.
  ///
  /// - Returns: `nil` where it does not fit at all.
  func places(on count: Int, axis: Int) -> Int? {
    let stride = max(strides[axis], 1)
    guard !isPadded else { return count <= 0 ? 0 : (count - 1) / stride + 1 }
    guard let reach = multiplied(dilation[axis], max(size[axis] - 1, 0)),
      let extent = added(reach, 1), extent <= count
    else { return nil }
    return (count - extent) / stride + 1
  }

  /// The axes of `input` after sliding over those at `spatial`.
  ///
  /// - Parameters:
  ///   - input: what is slid over.
  ///   - spatial: the axes it slides over, as many as the window has.
  ///   - layer: the layer's class, for messages.
  ///   - key: the setting that states the size, for messages.
  /// - Returns: the input with the places the window stands in as its axes.
  /// - Throws: `ShapeError` where the window is larger than an axis.
  func slid(
    over input: Shape, at spatial: Range<Int>, layer: String, key: String
  ) throws(ShapeError) -> Shape {
    var output = input
    for (index, axis) in spatial.enumerated() {
      let count = input[axis].size
      guard let count else { continue }
      guard let places = places(on: count, axis: index) else {
        let dilated = dilation[index] > 1 ? " with dilation_rate \(dilation[index])" : ""
        throw ShapeError(
          "\(layer) has a \(key) of \(size[index])\(dilated), "
            + "but the input has \(count) \(input[axis].noun): \(input)",
          remedy: "use a smaller \(key), or padding same")
      }
      if places != count { output.axes[axis] = Axis(input[axis].role, places) }
    }
    return output
  }

  /// Why an axis of `count` positions has as many after sliding: formulas with the numbers in.
  func placesFormula(_ axis: Axis, index: Int) -> [String] {
    guard let count = axis.size else { return ["None stays None: any size fits"] }
    let stride = strides[index]
    if isPadded {
      return stride == 1
        ? ["padding keeps all \(count)"] : ["\(count) ÷ \(stride), rounded up: strides \(stride)"]
    }
    var lines: [String] = []
    var extent = "\(size[index])"
    if dilation[index] > 1, let reach = multiplied(dilation[index], size[index] - 1),
      let whole = added(reach, 1)
    {
      lines.append("window \(dilation[index]) × (\(size[index]) − 1) + 1 = \(whole)")
      extent = "\(whole)"
    }
    if stride == 1 {
      lines.append("\(count) − \(extent) + 1 places to stand")
    } else if stride == size[index] && dilation[index] == 1 {
      lines.append("\(count) ÷ \(stride), rounded down")
    } else {
      lines.append("(\(count) − \(extent)) ÷ \(stride) + 1, rounded down")
    }
    return lines
  }
}
