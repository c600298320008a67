extension NDArray {
  /// The order that sorts each row of an axis; equal elements keep theirs, what is no number
  /// comes last.
  private func orders(axis: Int) throws(ArrayProblem) -> (orders: [[Int]], rows: NDArray) {
    let index = try self.axis(axis)
    var axes = Array(0..<rank)
    axes.remove(at: index)
    let rows = transposed(axes + [index]).copied()
    let size = shape[index]
    guard size > 0 else { return ([], rows) }
    var orders: [[Int]] = []
    for start in stride(from: 0, to: rows.count, by: size) {
      switch dtype.kind {
      case .int:
        let numbers = rows.storage.ints
        orders.append((0..<size).sorted { numbers[start + $0] < numbers[start + $1] })
      case .float:
        let numbers = rows.storage.floats
        orders.append(
          (0..<size).sorted {
            let (x, y) = (numbers[start + $0], numbers[start + $1])
            return x < y || y.isNaN && !x.isNaN
          })
      case .object:
        let values = rows.storage.objects
        orders.append(
          (0..<size).sorted {
            let (x, y) = (values[start + $0], values[start + $1])
            if let a = x.doubleValue, let b = y.doubleValue { return a < b }
            return (x.stringValue ?? "").unicodeScalars.lexicographicallyPrecedes(
              (y.stringValue ?? "").unicodeScalars)
          })
      }
    }
    return (orders, rows)
  }

  /// Puts rows with an axis at the end back where the axis was.
  private func restored(_ rows: NDArray, axis: Int) throws(ArrayProblem) -> NDArray {
    try rows.movingAxes([-1], to: [axis]).copied()
  }

  /// The indices that sort along an axis; `nil`: all elements in a row.
  func sortingOrder(axis: Int?) throws(ArrayProblem) -> NDArray {
    guard let axis else { return try reshapedCopy([count]).sortingOrder(axis: 0) }
    let (orders, rows) = try orders(axis: axis)
    return try restored(NDArray(rows.shape, ints: orders.flatMap { $0 }), axis: axis)
  }

  /// The elements sorted along an axis; `nil`: all in a row.
  func sorted(axis: Int?) throws(ArrayProblem) -> NDArray {
    guard let axis else { return try reshapedCopy([count]).sorted(axis: 0) }
    if rank == 1, dtype.kind == .int {
      return NDArray(shape, ints: ints().sorted(), dtype)
    }
    let (orders, rows) = try orders(axis: axis)
    let size = shape[try self.axis(axis)]
    let places = orders.enumerated().flatMap { row, order in order.map { row * size + $0 } }
    let flat = rows.reshapedCopy([rows.count]).taking(places, axis: 0)
    return try restored(flat.reshapedCopy(rows.shape), axis: axis)
  }

  /// What `numpy.unique` finds, in ascending order.
  struct Unique {
    /// Each value once.
    let values: NDArray
    /// Where each is found first.
    let firsts: NDArray
    /// For each element the index of its value.
    let inverse: NDArray
    /// How often each value stands there.
    let counts: NDArray
  }

  /// Each value of the array once.
  func unique() throws(ArrayProblem) -> Unique {
    let flat = reshapedCopy([count])
    let order = try flat.sortingOrder(axis: 0).ints()
    let sorted = flat.taking(order, axis: 0)
    var firsts: [Int] = []
    var places: [Int] = []
    var counts: [Int] = []
    var inverse = Array(repeating: 0, count: count)
    for (index, place) in order.enumerated() {
      if index == 0 || !sorted.hasEqual(index, index - 1) {
        firsts.append(place)
        places.append(index)
        counts.append(0)
      }
      inverse[place] = counts.count - 1
      counts[counts.count - 1] += 1
    }
    return Unique(
      values: sorted.taking(places, axis: 0), firsts: NDArray([firsts.count], ints: firsts),
      inverse: NDArray(shape, ints: inverse), counts: NDArray([counts.count], ints: counts))
  }

  private func hasEqual(_ a: Int, _ b: Int) -> Bool {
    switch dtype.kind {
    case .int: storage.ints[a] == storage.ints[b]
    case .float:
      storage.floats[a] == storage.floats[b]
        || storage.floats[a].isNaN && storage.floats[b].isNaN
    case .object: HashKey(storage.objects[a]) == HashKey(storage.objects[b])
    }
  }

  /// Where numbers would stand in this sorted row.
  func insertionPlaces(of numbers: NDArray, isRight: Bool) throws(ArrayProblem) -> NDArray {
    let row = try doubles()
    let places = try numbers.doubles().map { number -> Int in
      var (low, high) = (0, row.count)
      while low < high {
        let middle = (low + high) / 2
        if isRight ? row[middle] <= number : row[middle] < number {
          low = middle + 1
        } else {
          high = middle
        }
      }
      return low
    }
    return NDArray(numbers.shape, ints: places)
  }
}
