import KerasFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ModelFiles {
  /// Whether the name of a file says that it holds a model.
  static func isModel(_ path: String) -> Bool {
    ModelFile.suffixes.contains { path.lowercased().hasSuffix(".\($0)") }
  }

  /// The folders and files of models whose paths begin with a text, folders with a slash at
  /// their end.
  static func paths(startingWith prefix: String) -> [String] {
    let written = prefix
    let prefix = expandingHome(written)
    let slash = prefix.lastIndex(of: "/")
    let folder = slash.map { String(prefix[...$0]) } ?? ""
    let start = slash.map { String(prefix[prefix.index(after: $0)...]) } ?? prefix
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    // A folder of a million files is not worth waiting for.
    while let entry = readdir(stream), found.count < 1000 {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(start), start.hasPrefix(".") || !name.hasPrefix(".") else { continue }
      var status = stat()
      guard stat(folder + name, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        found.append(folder + name + "/")
      } else if isModel(name) {
        found.append(folder + name)
      }
    }
    guard prefix != written else { return found.sorted() }
    let home = expandingHome("~/")
    return found.sorted().map { $0.hasPrefix(home) ? "~/" + $0.dropFirst(home.count) : $0 }
  }

  /// A path with `~/` at its start replaced by the home folder, as a shell does.
  static func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst(1)
  }
}
