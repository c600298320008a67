extension MetricBatch {
  /// A value for each prediction and its target; targets may be stretched along axes of size 1.
  func elementwise(_ join: (Float, Float) -> Float) throws(PassError) -> Tensor {
    let fitting = TargetFitting(predictions: predictions.sizes, targets: targets.sizes)
    guard fitting.targets.stretches(to: fitting.predictions) else { throw mismatch }
    return predictions.reshaped(fitting.predictions).zipped(
      with: targets.reshaped(fitting.targets).stretched(toSizes: fitting.predictions), join)
  }

  /// The classes that are predicted and those that one-hot targets name.
  func classes() throws(PassError) -> (predictions: Tensor, targets: Tensor) {
    guard targets.rank == predictions.rank, targets.sizes.dropLast() == predictions.sizes.dropLast()
    else {
      let isSparse = targets.rank < predictions.rank
      throw PassError(
        mismatch.message,
        remedy: isSparse ? "for class numbers there are the sparse metrics" : mismatch.remedy)
    }
    return (predictions.largestPlaces(), targets.largestPlaces())
  }

  /// Targets that are numbers of classes, one for each row of predictions.
  func labels() throws(PassError) -> Tensor {
    let wanted = Array(predictions.sizes.dropLast())
    guard targets.sizes == wanted || targets.sizes == wanted + [1] else {
      let isOneHot = targets.sizes == predictions.sizes
      throw PassError(
        mismatch.message,
        remedy: isOneHot ? "for one-hot targets there are the categorical metrics" : mismatch.remedy
      )
    }
    return targets.reshaped(wanted)
  }

  /// Targets and predictions of different shapes.
  var mismatch: PassError {
    PassError(
      "the targets are \(targets.shape), the predictions \(predictions.shape)",
      remedy: "give targets of the predictions' shape")
  }

  /// Pearson's correlation along an axis, or Lin's concordance.
  ///
  /// Source: `keras/src/metrics/correlation_metrics.py`.
  func correlation(axis: Int, isConcordance: Bool) throws(PassError) -> Tensor {
    let fitting = TargetFitting(predictions: predictions.sizes, targets: targets.sizes)
    guard fitting.targets == fitting.predictions else { throw mismatch }
    let rank = fitting.predictions.count
    guard axis >= -rank, axis < rank else {
      throw PassError("axis \(axis) is not there: the predictions have \(rank) axes")
    }
    let place = axis < 0 ? axis + rank : axis
    let order = (0..<rank).filter { $0 != place } + [place]
    let p = predictions.reshaped(fitting.predictions).transposed(order)
    let t = targets.reshaped(fitting.predictions).transposed(order)
    let width = fitting.predictions[place]
    return Tensor(Array(p.sizes.dropLast())) { out in
      for row in 0..<out.count {
        let range = (row * width)..<((row + 1) * width)
        let (first, second) = (p.values[range], t.values[range])
        let count = Double(width)
        let meanP = first.reduce(0.0) { $0 + Double($1) } / count
        let meanT = second.reduce(0.0) { $0 + Double($1) } / count
        var (squaresP, squaresT, product) = (0.0, 0.0, 0.0)
        for (one, other) in zip(first, second) {
          let (a, b) = (Double(one) - meanP, Double(other) - meanT)
          squaresP += a * a
          squaresT += b * b
          product += a * b
        }
        if isConcordance {
          let shift = meanP - meanT
          let norm = (squaresP + squaresT) / count + shift * shift
          out[row] = Float(2 * product / count / (norm + Double(lossEpsilon)))
        } else {
          out[row] = Float(product / (squaresP * squaresT).squareRoot())
        }
      }
    }
  }
}

extension Tensor {
  /// The place of the largest number of each row of the last axis: the first one of equals, NaN
  /// before all.
  func largestPlaces() -> Tensor {
    let width = sizes.last ?? 1
    return Tensor(Array(sizes.dropLast())) { out in
      values.withUnsafeBufferPointer { numbers in
        for row in 0..<out.count {
          var best = 0
          for place in 0..<width {
            let (number, top) = (numbers[row * width + place], numbers[row * width + best])
            if number > top || (number.isNaN && !top.isNaN) { best = place }
          }
          out[row] = Float(best)
        }
      }
    }
  }

  /// 1 where the class of a row is among its `k` largest numbers; ties count for it.
  ///
  /// Source: `in_top_k` in `keras/src/backend/jax/math.py`.
  func holdsAmongLargest(_ k: Int, _ labels: Tensor) -> Tensor {
    let width = sizes.last ?? 1
    return Tensor(labels.sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        for row in 0..<out.count {
          guard let label = Int(exactly: labels.values[row].rounded(.towardZero)), label >= 0,
            label < width
          else {
            out[row] = 0
            continue
          }
          var own = numbers[row * width + label]
          if own.isNaN { own = -.infinity }
          var larger = 0
          for place in 0..<width where numbers[row * width + place] > own { larger += 1 }
          out[row] = larger < k ? 1 : 0
        }
      }
    }
  }

  /// 1 where the class of a row is among its `k` first numbers, which are classes in order.
  func holdsAmongFirst(_ k: Int, _ labels: Tensor) -> Tensor {
    let width = sizes.last ?? 1
    return Tensor(labels.sizes) { out in
      for row in 0..<out.count {
        let first = values[(row * width)..<(row * width + min(max(k, 0), width))]
        out[row] = first.contains(labels.values[row]) ? 1 : 0
      }
    }
  }
}
