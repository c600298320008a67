import Neural
import Subprocess

#if canImport(System)
  import Darwin
  import System
#else
  import Glibc
  import SystemPackage
#endif

/// Parses a script with Python's own parser, in a process of its own; the script is never run.
///
/// The parser is `python3 -I -S`, any version from 3.8: isolated from the script's folder, from
/// the user's packages and from the environment.
struct PythonParser {
  /// The largest script, in bytes.
  static let scriptLimit = 8 << 20
  /// The largest syntax tree, in bytes of JSON.
  static let treeLimit = 192 << 20
  /// How long parsing may take.
  static let timeLimit = Duration.seconds(10)
  /// How deeply the JSON of a tree may nest: three levels for each level of the tree.
  static let depthLimit = 6000

  /// The interpreter, by name or by path.
  var interpreter = "python3"

  /// Asks Python for the syntax tree of a script.
  ///
  /// - Parameter script: The bytes of the file, in any encoding that Python accepts.
  /// - Returns: The tree as JSON text.
  /// - Throws: `ScriptError` if the script cannot be parsed or no Python is installed.
  func tree(of script: [UInt8]) async throws(ScriptError) -> [UInt8] {
    guard script.count <= Self.scriptLimit else {
      throw ScriptError(
        at: nil, "the script is \(script.count) bytes long, more than \(Self.scriptLimit)",
        remedy: "keep data in files of its own")
    }
    if let nul = script.firstIndex(of: 0) {
      let line = script[..<nul].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
      let column = script[..<nul].reversed().prefix { $0 != 0x0A }.count + 1
      throw ScriptError(
        at: SourceLocation(line: line, column: column), "the script holds a NUL byte",
        remedy: "save it as UTF-8 text")
    }
    let reply = try await ask(script)
    guard let reply else {
      throw ScriptError(
        at: nil, "Python took more than \(Self.timeLimit) to parse the script",
        remedy: "is this really a script?")
    }
    return reply
  }

  private func ask(_ script: [UInt8]) async throws(ScriptError) -> [UInt8]? {
    do {
      return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
        group.addTask { try await run(script) }
        group.addTask {
          // In slices: where this program does not get to run, the time does not count, since
          // what Python has answered cannot be taken either.
          for _ in 0..<100 {
            guard (try? await Task.sleep(for: Self.timeLimit / 100)) != nil else { break }
          }
          return nil
        }
        // Leaving the group cancels the other task, which ends the process or the wait.
        defer { group.cancelAll() }
        return try await group.next() ?? nil
      }
    } catch let error as ScriptError {
      throw error
    } catch let error as SubprocessError where error.code == .outputLimitExceeded {
      throw ScriptError(
        at: nil, "the script's syntax tree is too large", remedy: "keep data in files of its own")
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw missingPython
    } catch {
      throw ScriptError(
        at: nil, "python3 could not be started (\(error))", remedy: "check that python3 runs")
    }
  }

  private var missingPython: ScriptError {
    ScriptError(
      at: nil, "reading a .py file needs Python's parser, and there is no \(interpreter) here",
      remedy: "install python3 (any version from 3.8), or open a .keras, .h5 or .json file")
  }

  /// Where programs are looked for: nothing else of the environment reaches Python.
  private var searchPath: String {
    getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
  }

  private func run(_ script: [UInt8]) async throws -> [UInt8] {
    let executable: Executable =
      interpreter.contains("/") ? .path(FilePath(interpreter)) : .name(interpreter)
    let result = try await Subprocess.run(
      executable, arguments: ["-I", "-S", "-W", "ignore", "-c", Self.program],
      environment: .custom(["PATH": searchPath, "LC_ALL": "C"]),
      workingDirectory: "/",
      input: .array(script), output: .bytes(limit: Self.treeLimit), error: .discarded)
    guard result.terminationStatus.isSuccess, !result.standardOutput.isEmpty else {
      throw ScriptError(
        at: nil, "python3 could not parse the script (\(result.terminationStatus))",
        remedy: "check that python3 is version 3.8 or later")
    }
    return result.standardOutput
  }
}
