extension Evaluator {
  func sysModule() -> Module {
    Module("sys") { [unowned self] name in
      switch name {
      case "argv":
        // How the script will be called is not known, except for its own name.
        let list = try? keep(ListObject([.string("script.py")]))
        return list.map { .list($0) }
      case "exit":
        return .builtin(Builtin("sys.exit", takesUnknown: true) { _, _ in throw Interruption.exit })
      case "version_info": return try? tuple([.int(3), .int(11), .int(0)])
      case "version": return .string("3.11.0")
      case "platform": return .string("linux")
      case "maxsize": return .int(.max)
      case "path": return (try? keep(ListObject([]))).map { .list($0) }
      default: return unknown("sys.\(name)", "sys.\(name) is not evaluated")
      }
    }
  }

  func osModule() -> Module {
    let path = pathModule()
    modules["os.path"] = .module(path)
    return Module("os") { [unowned self] name in
      switch name {
      case "path": return .module(path)
      case "sep": return .string("/")
      case "linesep": return .string("\n")
      case "name": return .string("posix")
      case "environ": return try? environment()
      case "getenv":
        return .builtin(
          Builtin("os.getenv") { _, arguments in arguments.value(1, "default") ?? .none })
      case "makedirs", "mkdir", "remove", "chdir", "rename", "unlink", "rmdir", "system",
        "putenv":
        return .builtin(Builtin("os.\(name)", takesUnknown: true) { _, _ in .none })
      default:
        return .builtin(
          Builtin("os.\(name)", takesUnknown: true) { evaluator, _ in
            evaluator.unknown(nil, "the file system is not looked at")
          })
      }
    }
  }

  /// `os.environ`: empty, so that `get` gives the default; what else is in it is not known.
  private func environment() throws -> Value {
    .dict(try keep(DictObject()))
  }

  private func pathModule() -> Module {
    var table: [String: Value] = [:]
    func define(_ name: String, _ body: @escaping (String, [String]) -> String) {
      table[name] = .builtin(
        Builtin("os.path.\(name)") { evaluator, arguments in
          let parts = arguments.positional.compactMap(\.stringValue)
          guard let first = parts.first, parts.count == arguments.positional.count else {
            return evaluator.unknown(nil, "the file system is not looked at")
          }
          return .string(body(first, parts))
        })
    }
    define("join") { _, parts in
      parts.reduce("") { path, part in
        if part.hasPrefix("/") || path.isEmpty { return part }
        return path.hasSuffix("/") ? path + part : "\(path)/\(part)"
      }
    }
    define("basename") { path, _ in
      String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    }
    define("dirname") { path, _ in
      path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
    for name in ["abspath", "realpath", "expanduser", "normpath"] {
      define(name) { path, _ in path }
    }
    table["sep"] = .string("/")
    table["splitext"] = .builtin(
      Builtin("os.path.splitext") { evaluator, arguments in
        let path = arguments.positional.first?.stringValue ?? ""
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else {
          return try evaluator.tuple([.string(path), .string("")])
        }
        return try evaluator.tuple([.string(String(path[..<dot])), .string(String(path[dot...]))])
      })
    let known = table
    return Module("os.path", names: { Array(known.keys) }) { name in
      known[name]
        ?? .builtin(
          Builtin("os.path.\(name)", takesUnknown: true) { evaluator, _ in
            evaluator.unknown(nil, "the file system is not looked at")
          })
    }
  }
}
