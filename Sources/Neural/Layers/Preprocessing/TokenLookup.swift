/// The places of the numbers of a vocabulary.
struct TokenLookup: Sendable {
  /// The numbers, in the order of their places.
  let tokens: [Int]
  /// The places before theirs.
  let start: Int
  /// Whether the vocabulary named the tokens before them, too.
  let namedSpecialTokens: Bool

  /// How many places there are.
  var size: Int { start + tokens.count }
}

/// The numbers of a vocabulary, in the order of their places.
package struct Vocabulary: Hashable, SettingValue {
  /// The numbers.
  package let tokens: [Int]

  package init(_ tokens: [Int]) { self.tokens = tokens }

  /// Reads a list of whole numbers, or the object that Keras writes of an array of NumPy.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    let value = configValue["config"]?["value"] ?? configValue
    guard let list = value.listValue else {
      throw SettingError(
        value.stringValue == nil
          ? "expected a list of whole numbers, found \(value.shortDescription)"
          : "a file with a vocabulary is not read here: give its numbers as a list")
    }
    var tokens: [Int] = []
    tokens.reserveCapacity(list.count)
    for element in list { tokens.append(try Int(configValue: element, kind: .value)) }
    self.tokens = tokens
  }

  package var configValue: ConfigValue { .list(tokens.map { .int($0) }) }
}

extension IntegerLookup {
  /// Places for the mask token.
  private var maskCount: Int { maskToken != nil && outputMode == .int ? 1 : 0 }

  /// The places of the vocabulary.
  ///
  /// - Throws: `ShapeError` where there is none, or its numbers cannot have places.
  func lookup() throws(ShapeError) -> TokenLookup {
    guard let all = vocabulary?.tokens, !all.isEmpty else {
      throw ShapeError(
        "IntegerLookup has no vocabulary",
        remedy: "give vocabulary, or adapt it in Keras before the model is saved")
    }
    let start = maskCount + oovCount
    // The vocabulary may name the tokens of the places before its own.
    let special = Array(repeating: maskToken, count: maskCount)
    let isNamed =
      all.count >= start && zip(all, special).allSatisfy { $0 == $1 }
      && all[min(maskCount, all.count)..<min(start, all.count)].allSatisfy { $0 == oovToken }
    let tokens = isNamed ? Array(all.dropFirst(start)) : all
    var seen: Set<Int> = []
    for token in tokens where !seen.insert(token).inserted {
      throw ShapeError("the vocabulary has \(token) twice", remedy: "name each number once")
    }
    for (name, token) in [("mask", maskToken), ("oov", invert ? oovToken : nil)] {
      guard let token, seen.contains(token) else { continue }
      throw ShapeError(
        "the vocabulary has the \(name)_token \(token) among its numbers",
        remedy: "leave it out: it has a place of its own")
    }
    let lookup = TokenLookup(tokens: tokens, start: start, namedSpecialTokens: isNamed)
    if let maxTokens, lookup.size > maxTokens {
      throw ShapeError(
        "the vocabulary needs \(lookup.size.grouped) places, max_tokens is \(maxTokens.grouped)",
        remedy: "raise max_tokens, or name fewer numbers")
    }
    return lookup
  }

  /// The vocabulary as Keras writes it into a file of its own: with the tokens before it.
  package var listedVocabulary: [Int?]? {
    guard let lookup = try? lookup(), oovCount <= 1 << 20 else { return nil }
    return Array(repeating: maskToken, count: maskCount)
      + Array(repeating: oovToken, count: oovCount) + lookup.tokens
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let lookup: TokenLookup
    do throws(ShapeError) {
      lookup = try self.lookup()
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
    let numbers = try inputs[0].wholeNumbers(for: Self.className)
    let found =
      invert ? try self.numbers(at: numbers, lookup) : try places(of: numbers, lookup, weights)
    var output = Tensor(inputs[0].sizes, found.map { Float($0) })
    if outputMode != .int {
      let depth = padToMaxTokens ? maxTokens ?? lookup.size : lookup.size
      output = outputMode.rows(of: found, sizes: inputs[0].sizes, depth: depth)
      if outputMode == .termFrequency {
        output = try output.combined(
          with: try frequencyWeights(lookup, depth), for: Self.className, *)
      }
    }
    var pass = Pass(output)
    pass.isConstant = true
    return pass
  }

  /// The numbers at places; the mask token at 0, the token for others beyond the vocabulary.
  private func numbers(at places: [Int], _ lookup: TokenLookup) throws(PassError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(places.count)
    for place in places {
      let index = place - lookup.start
      if place == 0, let maskToken {
        result.append(maskToken)
      } else if lookup.tokens.indices.contains(index) {
        result.append(lookup.tokens[index])
      } else if let oovToken {
        result.append(oovToken)
      } else {
        throw PassError(
          "IntegerLookup has no number at place \(place), and no oov_token",
          remedy: "give oov_token, or places below \(lookup.size)")
      }
    }
    return result
  }

  /// The places of numbers; −1 for those that rows leave out.
  private func places(
    of numbers: [Int], _ lookup: TokenLookup, _ weights: LayerWeights
  ) throws(PassError) -> [Int] {
    let places = weights.prepared(as: lookup.tokens) {
      Dictionary(lookup.tokens.enumerated().map { ($1, $0) }) { first, _ in first }
    }
    var result: [Int] = []
    result.reserveCapacity(numbers.count)
    for number in numbers {
      if number == maskToken {
        result.append(outputMode == .int ? 0 : -1)
      } else if let place = places[number] {
        result.append(lookup.start + place)
      } else if oovCount > 0 {
        result.append(maskCount + outsidePlace(of: number))
      } else {
        throw PassError(
          "IntegerLookup finds \(number), which its vocabulary does not have",
          remedy: "set num_oov_indices to 1, or give numbers of the vocabulary alone")
      }
    }
    return result
  }

  private func outsidePlace(of number: Int) -> Int {
    guard oovCount > 1 else { return 0 }
    guard oovMethod == .farmhash else {
      let rest = number % oovCount
      return rest < 0 ? rest + oovCount : rest
    }
    return TokenHash.bucket(of: number, count: oovCount, salt: salt)
  }

  /// What each place counts for in the mode `tf_idf`, as Keras keeps it in files.
  package var savedWeights: Tensor? {
    guard outputMode == .termFrequency else { return nil }
    if let adaptedWeights { return adaptedWeights }
    guard let lookup = try? lookup() else { return nil }
    return try? frequencyWeights(lookup, padToMaxTokens ? maxTokens ?? lookup.size : lookup.size)
  }

  /// What each place counts for.
  ///
  /// Places before the vocabulary's count as the mean of the others, places behind it nothing.
  private func frequencyWeights(_ lookup: TokenLookup, _ depth: Int) throws(PassError) -> Tensor {
    if let adaptedWeights, adaptedWeights.sizes == [depth] { return adaptedWeights }
    let given = idfWeights?.tensor.values ?? []
    guard given.count == vocabulary?.tokens.count ?? 0, idfWeights?.tensor.rank == 1 else {
      throw PassError(
        "IntegerLookup has \(given.count) idf_weights for a vocabulary of "
          + "\(vocabulary?.tokens.count ?? 0)", remedy: "give one for each number")
    }
    let mean = Float(given.reduce(0.0) { $0 + Double($1) } / Double(max(given.count, 1)))
    let front = lookup.namedSpecialTokens ? [] : Array(repeating: mean, count: lookup.start)
    let all = Array((front + given).prefix(depth))
    return Tensor([depth], all + Array(repeating: 0, count: depth - all.count))
  }
}
