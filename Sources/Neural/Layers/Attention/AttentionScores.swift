#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How well each timestep of a query fits each of a key, with the way back.
package struct AttentionScores: Sendable {
  /// How the loss changes with what the scores were made of.
  struct Slopes {
    var query: Tensor
    var key: Tensor
    /// In the order of the layer's weights.
    var weights: [Tensor]
  }

  /// (samples, Tq, Tv).
  let values: Tensor
  /// From the gradient of the scores.
  let back: @Sendable (Tensor) -> Slopes
}

extension AttentionScores {
  /// Query · key, times a trained number where there is one.
  static func products(
    _ query: Tensor, _ key: Tensor, scale: Tensor?, in context: PassContext
  ) -> AttentionScores {
    let products = query.samples(times: key, transposed: true)
    let factor = scale?.values.first ?? 1
    // The way back needs the products themselves for the factor's gradient alone.
    let kept = context.isDifferentiated && scale != nil ? products : nil
    let values = scale == nil ? products : products.map { $0 * factor }
    return AttentionScores(values: values) { gradient in
      var weights: [Tensor] = []
      if let kept {
        let sum = zip(gradient.values, kept.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        weights = [Tensor([], [Float(sum)])]
      }
      let gradient = scale == nil ? gradient : gradient.map { $0 * factor }
      return Slopes(
        query: gradient.samples(times: key),
        key: gradient.transposed([0, 2, 1]).samples(times: query), weights: weights)
    }
  }

  /// outside · Σ feature · tanh(inside · (query + key)).
  static func sums(_ query: Tensor, _ key: Tensor, _ scoring: SumScoring) -> AttentionScores {
    AttentionScores(values: scoring.scores(query, key)) { scoring.slopes($0, query, key) }
  }
}

/// Scores that are sums over the features of tanh(query + key), with trained factors.
struct SumScoring: Sendable {
  /// A trained factor of query + key.
  private let inside: Float?
  /// A trained factor of the sum.
  private let outside: Float?
  /// A trained factor of each feature.
  private let features: [Float]?

  init(inside: Float? = nil, outside: Float? = nil, features: [Float]? = nil) {
    (self.inside, self.outside, self.features) = (inside, outside, features)
  }

  func scores(_ query: Tensor, _ key: Tensor) -> Tensor {
    let (samples, rows, columns) = (query.sizes[0], query.sizes[1], key.sizes[1])
    return Tensor([samples, rows, columns]) { out in
      walk(query, key) { place, _, _, tangents in
        var sum: Float = 0
        if let features {
          for index in tangents.indices { sum += features[index] * tangents[index] }
        } else {
          for tangent in tangents { sum += tangent }
        }
        out[place] = (outside ?? 1) * sum
      }
    }
  }

  /// How the loss changes with query, key and the factors, from the gradient of the scores.
  func slopes(_ gradient: Tensor, _ query: Tensor, _ key: Tensor) -> AttentionScores.Slopes {
    let width = query.sizes[2]
    var (queries, keys) = (Tensor(query.sizes), Tensor(key.sizes))
    var (insides, outsides) = (0.0, 0.0)
    var sums = Array(repeating: 0.0, count: width)
    let (inside, outside) = (inside ?? 1, outside ?? 1)
    let factors = features ?? Array(repeating: 1, count: width)
    query.values.withUnsafeBufferPointer { query in
      key.values.withUnsafeBufferPointer { key in
        queries.values.withUnsafeMutableBufferPointer { queries in
          keys.values.withUnsafeMutableBufferPointer { keys in
            walk(queryCount: gradient.sizes, width, query, key) { place, row, column, tangents in
              let slope = gradient.values[place]
              var (total, along): (Float, Float) = (0, 0)
              for index in tangents.indices {
                let tangent = tangents[index]
                total += factors[index] * tangent
                sums[index] += Double(slope * outside * tangent)
                let back = slope * outside * factors[index] * (1 - tangent * tangent)
                along += back * (query[row + index] + key[column + index])
                queries[row + index] += back * inside
                keys[column + index] += back * inside
              }
              outsides += Double(slope * total)
              insides += Double(along)
            }
          }
        }
      }
    }
    var weights: [Tensor] = []
    if self.inside != nil { weights.append(Tensor([], [Float(insides)])) }
    if self.outside != nil { weights.append(Tensor([], [Float(outsides)])) }
    if features != nil { weights.append(Tensor([width], sums.map { Float($0) })) }
    return AttentionScores.Slopes(query: queries, key: keys, weights: weights)
  }

  private func walk(
    _ query: Tensor, _ key: Tensor,
    _ visit: (_ place: Int, _ row: Int, _ column: Int, UnsafeBufferPointer<Float>) -> Void
  ) {
    query.values.withUnsafeBufferPointer { queries in
      key.values.withUnsafeBufferPointer { keys in
        walk(
          queryCount: [query.sizes[0], query.sizes[1], key.sizes[1]], query.sizes[2], queries, keys,
          visit)
      }
    }
  }

  /// Visits every pair of a query's and a key's timestep with tanh(inside · (query + key)).
  ///
  /// - Parameters:
  ///   - sizes: samples, timesteps of the query, timesteps of the key.
  ///   - width: features.
  ///   - query: the query's numbers.
  ///   - key: the key's numbers.
  ///   - visit: gets the pair's place among the scores, where the rows of its query and its key
  ///     start, and the tangents.
  private func walk(
    queryCount sizes: [Int], _ width: Int, _ query: UnsafeBufferPointer<Float>,
    _ key: UnsafeBufferPointer<Float>,
    _ visit: (_ place: Int, _ row: Int, _ column: Int, UnsafeBufferPointer<Float>) -> Void
  ) {
    let inside = inside ?? 1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(width, 1)) { tangents in
      let tangents = UnsafeMutableBufferPointer(rebasing: tangents[..<width])
      var place = 0
      for sample in 0..<sizes[0] {
        for asking in 0..<sizes[1] {
          let row = (sample * sizes[1] + asking) * width
          for asked in 0..<sizes[2] {
            let column = (sample * sizes[2] + asked) * width
            for index in 0..<width {
              tangents[index] = tanhf(inside * (query[row + index] + key[column + index]))
            }
            visit(place, row, column, UnsafeBufferPointer(tangents))
            place += 1
          }
        }
      }
    }
  }
}
