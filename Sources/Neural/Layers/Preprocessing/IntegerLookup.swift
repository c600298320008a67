/// Turns whole numbers into their places in a vocabulary, or back.
///
/// Places begin with 0 for the mask token, where there is one and the output mode is `int`; then
/// come those of numbers out of vocabulary, then those of the vocabulary. Input and output: any
/// shape; with other output modes than `int` a row for each number or sample.
/// Source: `keras/src/layers/preprocessing/{integer_lookup,index_lookup}.py`.
package struct IntegerLookup: ShortSettings {
  package static let className = "IntegerLookup"
  package static let summary = "turns whole numbers into their places in a vocabulary"

  /// The most places; `nil`: as many as the vocabulary has.
  package var maxTokens: Int?
  /// Places for numbers that are not in the vocabulary.
  package var oovCount = 1
  /// The number that stands for padding.
  package var maskToken: Int?
  /// What stands for numbers that are not in the vocabulary, on the way back.
  package var oovToken: Int? = -1
  /// The numbers that have places; `nil` where `adapt` is to find them.
  package var vocabulary: Vocabulary?
  /// What Keras keeps the numbers as.
  package var vocabularyType = "int64"
  /// What a number counts for in the mode `tf_idf`.
  package var idfWeights: NumberArray?
  /// Whether places are turned into numbers.
  package var invert = false
  /// What is given for a place.
  package var outputMode = CategoryOutput.int
  /// Whether Keras keeps the output as a sparse tensor.
  package var sparse = false
  /// Whether rows have `maxTokens` places, however many the vocabulary has.
  package var padToMaxTokens = false
  /// How numbers out of vocabulary are sorted into their places.
  package var oovMethod = OutOfVocabulary.floormod
  /// What makes other hashes.
  package var salt: Salt?
  /// Whether the vocabulary was found by `adapt` and stands in a file of its own.
  package var isAdapted = false
  /// What each place counts for, where `adapt` found it.
  package var adaptedWeights: Tensor?
  /// How many places a file says there are.
  private var statedSize: Int?

  package init() {}

  /// How numbers that are not in the vocabulary get their places.
  package enum OutOfVocabulary: String, SettingChoice {
    /// By the remainder.
    case floormod
    /// By a hash of their digits.
    case farmhash
  }

  package static let settings: [Setting<IntegerLookup>] = [
    Setting("max_tokens", \.maxTokens, .optionalInteger(2...largestSize), help: "the most places"),
    Setting(
      "num_oov_indices", \.oovCount, .integer(0...largestSize),
      help: "places for numbers that are not in the vocabulary"),
    Setting(
      "mask_token", \.maskToken, .optionalInteger(-largestSize...largestSize),
      help: "the number that stands for padding"),
    Setting(
      "oov_token", \.oovToken, .optionalInteger(-largestSize...largestSize),
      help: "what stands for other numbers on the way back"),
    Setting("vocabulary", \.vocabulary, .value, help: "the numbers that have places"),
    Setting("vocabulary_dtype", \.vocabularyType, .value, help: "what Keras keeps them as"),
    Setting("idf_weights", \.idfWeights, .value, help: "what each counts for in the mode tf_idf"),
    Setting("invert", \.invert, .boolean, help: "true: from places to numbers"),
    Setting(
      "output_mode", \.outputMode, .choice(CategoryOutput.choices),
      help: "what is given for a place"),
    Setting("sparse", \.sparse, .boolean, help: "whether Keras keeps zeros unwritten"),
    Setting(
      "pad_to_max_tokens", \.padToMaxTokens, .boolean, help: "true: rows have max_tokens places"),
    Setting(
      "oov_method", \.oovMethod, .choice(OutOfVocabulary.choices),
      help: "how other numbers get their places"),
    Setting("salt", \.salt, .value, help: "one or two numbers that make other hashes"),
    Setting(
      "vocabulary_size", \.vocabularySize, .optionalInteger(0...largestSize), isPositional: false,
      help: "how many places there are"),
  ]

  package func shortValue(of key: String) -> ConfigValue? {
    switch key {
    case "vocabulary": vocabulary?.configValue
    case "idf_weights": idfWeights?.plain
    case "vocabulary_size": .null
    default: nil
    }
  }

  /// How many places there are, where that is known.
  package var vocabularySize: Int? {
    get { vocabulary == nil ? statedSize : (try? lookup())?.size ?? statedSize }
    set { statedSize = newValue }
  }

  /// How many numbers a row has.
  private func depth() throws(ShapeError) -> Int {
    if padToMaxTokens {
      guard let maxTokens else {
        throw ShapeError(
          "IntegerLookup has pad_to_max_tokens without max_tokens", remedy: "give max_tokens")
      }
      return maxTokens
    }
    if vocabulary != nil { return try lookup().size }
    guard let statedSize else {
      throw ShapeError(
        "IntegerLookup has no vocabulary, so its rows have no size yet",
        remedy: "give vocabulary, or adapt it in Keras before the model is saved")
    }
    return statedSize
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    if vocabulary != nil { _ = try lookup() }
    guard outputMode != .int else { return [input] }
    guard !invert else {
      throw ShapeError(
        "IntegerLookup gives numbers back with output_mode int alone, found \(outputMode.rawValue)")
    }
    return [try outputMode.shape(of: input, depth: try depth(), for: Self.className)]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    var lines: [String] = []
    if maskToken != nil, outputMode == .int { lines.append("1 place for the mask token") }
    lines.append("\(oovCount) for numbers out of vocabulary")
    if let count = (try? lookup())?.tokens.count { lines.append("\(count.grouped) of vocabulary") }
    var answers = [Explanation.Answer("Which places are there?", lines)]
    if outputMode != .int { answers.append(.init("What is in a row?", [outputMode.meaning])) }
    answers.append(
      .init("Why no parameters?", ["the vocabulary is found beforehand, not trained"]))
    return Explanation(answers)
  }
}
