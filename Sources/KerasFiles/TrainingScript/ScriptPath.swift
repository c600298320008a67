#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file as a script names it: from the script's own folder, so that both can be moved together.
struct ScriptPath {
  /// The Python expression: `HERE / "x.npy"`, or an absolute path as it was named.
  let source: String

  /// - Parameters:
  ///   - file: the file, as a person named it.
  ///   - script: the script, as a person named it.
  init(_ file: String, from script: String) {
    guard !file.hasPrefix("/"), let here = Self.parts(script)?.dropLast(),
      let there = Self.parts(file)
    else {
      source = "Path(\(PythonLiteral.text(file)))"
      return
    }
    let shared = zip(here, there).prefix { $0 == $1 }.count
    let up = Array(repeating: Substring(".."), count: here.count - shared)
    let path = (up + Array(there.dropFirst(shared))).joined(separator: "/")
    source = "HERE / \(PythonLiteral.text(path))"
  }

  /// The names on the way from the root to a file; `nil` where the working folder is not known.
  private static func parts(_ path: String) -> [Substring]? {
    var result: [Substring] = []
    if !path.hasPrefix("/") {
      guard let folder = getcwd(nil, 0) else { return nil }
      defer { free(folder) }
      result = String(cString: folder).split(separator: "/")
    }
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        _ = result.popLast()
      } else {
        result.append(part)
      }
    }
    return result
  }
}
