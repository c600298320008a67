extension NumPyFunctions {
  // MARK: Reductions

  nonisolated(unsafe) static let reducing: [String: Body] = {
    var table: [String: Body] = [:]
    for name in ["sum", "prod", "max", "min", "any", "all"] {
      guard let reduction = Reduction(rawValue: name) else { continue }
      table[name] = { call in
        var array = try call.array(0, "a")
        let takesType = name == "sum" || name == "prod"
        let axes = try call.axes(1, of: array)
        if let mask = call.value(.max, "where") {
          array = try masked(array, try call.evaluator.ndarray(from: mask), reduction)
        }
        let result = try array.reduced(reduction, axes, type: takesType ? try call.dtype(2) : nil)
        if takesType, let initial = call.value(.max, "initial") {
          return .numbers(
            try NDArray.binary(
              name == "sum" ? .add : .multiply, Operand(result),
              try call.evaluator.operand(initial)))
        }
        return .numbers(result)
      }
    }
    table["mean"] = { call in
      let array = try call.array(0, "a")
      return .numbers(try array.mean(try call.axes(1, of: array), type: try call.dtype(2)))
    }
    for name in ["std", "var"] {
      table[name] = { call in
        let array = try call.array(0, "a")
        let variance = try array.variance(
          try call.axes(1, of: array), ddof: try call.double(4, "ddof") ?? 0)
        guard name == "std" else { return .numbers(variance) }
        return .numbers(
          NDArray(
            variance.shape,
            floats: NDArray.rounded(variance.floats().map { $0.squareRoot() }, variance.dtype),
            variance.dtype))
      }
    }
    for name in ["argmax", "argmin", "nanargmax", "nanargmin"] {
      table[name] = { call in
        var array = try call.array(0, "a")
        let isMaximum = name.hasSuffix("max")
        if name.hasPrefix("nan") {
          let rest = isMaximum ? -Double.infinity : .infinity
          array = NDArray(array.shape, floats: try array.doubles().map { $0.isNaN ? rest : $0 })
        }
        let axis = try call.int(1, "axis")
        let result = try array.argument(isMaximum: isMaximum, axis: axis)
        if let axis, try call.flag(.max, "keepdims") ?? false {
          return .numbers(try result.expanded([axis]))
        }
        return .numbers(result)
      }
    }
    for name in ["nansum", "nanmean", "nanmax", "nanmin", "nanstd", "nanvar", "nanprod"] {
      table[name] = { call in
        let array = try call.array(0, "a")
        guard call.value(1, "axis") == nil else {
          throw ArrayProblem(
            "NotImplementedError", "\(name) along an axis is not supported",
            remedy: "take the rows one by one")
        }
        let numbers = try array.doubles().filter { !$0.isNaN }
        let rest = NDArray(
          [numbers.count], floats: numbers, array.dtype.isFloat ? array.dtype : .float64)
        let plain = String(name.dropFirst(3))
        return try table[plain].map { body in
          try body(
            ArrayCall(
              name: plain, evaluator: call.evaluator,
              arguments: CallArguments(positional: [.array(ArrayValue(rest))])))
        } ?? .none
      }
    }
    for name in ["cumsum", "cumprod"] {
      table[name] = { call in
        .numbers(
          try call.array(0, "a").cumulative(
            name == "cumsum" ? .sum : .prod, axis: try call.int(1, "axis"), type: try call.dtype(2))
        )
      }
    }
    table["ptp"] = { call in
      let array = try call.array(0, "a")
      let axes = try call.axes(1, of: array)
      return .numbers(
        try NDArray.binary(
          .subtract, Operand(try array.reduced(.max, axes)), Operand(try array.reduced(.min, axes)))
      )
    }
    for (name, scale) in [("percentile", 100.0), ("quantile", 1), ("nanpercentile", 100)] {
      table[name] = { call in
        let array = try call.array(0, "a")
        let fractions = try call.array(1, "q")
        let values = try array.quantiles(
          try fractions.doubles().map { $0 / scale }, try call.axes(2, of: array))
        guard fractions.rank > 0 else { return .numbers(values[0]) }
        return .numbers(try NDArray.stacked(values, axis: 0))
      }
    }
    for name in ["median", "nanmedian"] {
      table[name] = { call in
        var array = try call.array(0, "a")
        if name == "nanmedian" {
          let numbers = try array.doubles().filter { !$0.isNaN }
          array = NDArray([numbers.count], floats: numbers)
        }
        return .numbers(try array.quantiles([0.5], try call.axes(1, of: array))[0])
      }
    }
    table["average"] = { call in
      let array = try call.array(0, "a")
      let axes = try call.axes(1, of: array)
      guard let weights = call.value(2, "weights") else { return .numbers(try array.mean(axes)) }
      var scale = try call.evaluator.ndarray(from: weights)
      if scale.rank == 1, array.rank > 1, let axis = axes.axes.first, axes.axes.count == 1 {
        var shape = Array(repeating: 1, count: array.rank)
        shape[axis] = scale.count
        scale = try scale.reshaped(shape)
      }
      guard let wide = scale.broadcast(to: array.shape) else {
        throw NDArray.mismatch([array.shape, scale.shape])
      }
      let products = try NDArray.binary(.multiply, Operand(array), Operand(scale))
      return .numbers(
        try NDArray.binary(
          .divide, Operand(try products.reduced(.sum, axes)), Operand(try wide.reduced(.sum, axes)))
      )
    }
    table["count_nonzero"] = { call in
      let array = try call.array(0, "a")
      let flags = NDArray(array.shape, ints: array.truths().map { $0 ? 1 : 0 })
      return .numbers(try flags.reduced(.sum, try call.axes(1, of: array)))
    }
    return table
  }()

  /// The array with what a mask leaves out replaced by what changes nothing.
  private static func masked(
    _ array: NDArray, _ mask: NDArray, _ reduction: Reduction
  ) throws(ArrayProblem) -> NDArray {
    guard reduction == .sum || reduction == .prod, let flags = mask.broadcast(to: array.shape)
    else {
      throw ArrayProblem(
        "NotImplementedError", "where= is supported for sum and prod only",
        remedy: "select with a[mask] first")
    }
    let copy = array.copied()
    let rest = reduction == .sum ? 0 : 1
    for (index, flag) in flags.truths().enumerated() where !flag {
      if array.dtype.kind == .int {
        copy.storage.ints[index] = rest
      } else {
        copy.storage.floats[index] = Double(rest)
      }
    }
    return copy
  }

}
