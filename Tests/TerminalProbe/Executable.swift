#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the build put the command.
package enum Executable {
  /// The command was not found.
  package struct NotBuilt: Error, CustomStringConvertible {
    package var description: String { "build the command first, or set UNROLL_EXECUTABLE" }
  }

  /// The path of `unroll`: `UNROLL_EXECUTABLE`, or beside the test bundle or above it.
  package static func unroll() throws -> String {
    if let path = getenv("UNROLL_EXECUTABLE") { return String(cString: path) }
    var folder = CommandLine.arguments[0]
    if !folder.hasPrefix("/"), let here = getcwd(nil, 0) {
      folder = String(cString: here) + "/" + folder
      free(here)
    }
    var found: String?
    while found == nil, let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      let candidate = folder + "/unroll"
      var status = stat()
      let isFile = stat(candidate, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      if isFile, access(candidate, X_OK) == 0 { found = candidate }
    }
    guard let found else { throw NotBuilt() }
    return found
  }
}
