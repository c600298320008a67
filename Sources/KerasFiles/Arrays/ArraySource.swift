import Neural

/// What a person wrote to name the array of an input or output.
struct ArraySource {
  /// The input or output that is meant; `nil`: the next one.
  var input: String?
  var path: String
  /// The one array of a `.npz` that is meant.
  var member: String?

  init(_ text: String, names: [String]) {
    path = text
    if let equals = text.firstIndex(of: "="), equals > text.startIndex {
      let name = String(text[..<equals])
      // A path may hold an equals sign; the name of an input holds no slash before it, or is known.
      if names.contains(name) || !name.contains("/") && !name.contains(".") {
        input = name
        path = String(text[text.index(after: equals)...])
      }
    }
    if let mark = path.firstRange(of: ".npz:") {
      member = String(path[mark.upperBound...])
      path = String(path[..<mark.lowerBound]) + ".npz"
    }
  }

  func open(limit: MemoryLimit) throws(FileError) -> ArrayFile {
    try ArrayFile.open(path, member: member, limit: limit)
  }

  func unknownInput(_ name: String, _ names: [String]) -> FileError {
    let near = nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
    return FileError(
      path, "no input of the model is called \(name)\(near)",
      remedy: names.count == 1 ? "its input is \(names[0])" : "its inputs are \(listed(names))")
  }

  func severalArrays(_ file: ArrayFile, inputs: Int) -> FileError {
    let names = file.members.compactMap(\.name)
    let noun = inputs == 1 ? "input" : "inputs"
    return FileError(
      path, "has \(names.count) arrays (\(listed(names))) for \(inputs) \(noun)",
      remedy: "name one: \(path):\(names.first ?? "x")")
  }
}
