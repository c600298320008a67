import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Modules of Python's own library that a run has and reading a script has no use for.
enum RunningModules {
  static let names: Set<String> = [
    "sys", "time", "warnings", "logging", "gc", "statistics", "copy", "datetime", "pprint",
    "bisect",
    "heapq", "operator",
  ]
}

extension Evaluator {
  func runningModule(_ name: String) -> Module {
    switch name {
    case "sys": return runningSysModule()
    case "time": return timeModule()
    case "copy": return copyModule()
    case "statistics": return statisticsModule()
    case "bisect", "heapq", "operator": return toolModule(name)
    case "pprint":
      return Module(name, ["pprint": builtins["print"] ?? .none, "pp": builtins["print"] ?? .none])
    case "datetime":
      return Module(name) { [unowned self] member in
        unknown("datetime.\(member)", "datetime is not supported in a run; time.time() is")
      }
    default:
      // Warnings, logs and memory: nothing there changes what a script computes.
      return Module(name) { [unowned self] member in silent("\(name).\(member)") }
    }
  }

  /// Something whose calls and attributes do nothing.
  private func silent(_ name: String) -> Value {
    switch name {
    case "logging.INFO": .int(20)
    case "logging.WARNING": .int(30)
    case "logging.ERROR": .int(40)
    case "logging.DEBUG": .int(10)
    default: .native(SilentObject())
    }
  }

  private func runningSysModule() -> Module {
    let reading = sysModule()
    let path = runOptions?.path ?? "script.py"
    return Module("sys") { [unowned self] name in
      switch name {
      case "stdout": return .native(StreamObject(.output))
      case "stderr": return .native(StreamObject(.error))
      case "argv": return (try? keep(ListObject([.string(path)]))).map { .list($0) }
      case "byteorder": return .string("little")
      case "float_info", "getsizeof", "getrecursionlimit", "setrecursionlimit":
        return .native(SilentObject())
      case "modules": return try? dict()
      case "exit":
        return .builtin(
          Builtin("sys.exit") { evaluator, arguments in
            try evaluator.exit(arguments.positional.first ?? .none)
          })
      default: return reading[name]
      }
    }
  }

  /// `sys.exit(value)`, `exit()`: ends the run with a status.
  func exit(_ value: Value) throws -> Value {
    switch value {
    case .none: exitStatus = 0
    default:
      if let status = value.intValue {
        exitStatus = Int32(truncatingIfNeeded: status & 0xFF)
      } else {
        write(string(of: value) + "\n", to: .error)
        exitStatus = 1
      }
    }
    throw Interruption.exit
  }

  private func timeModule() -> Module {
    func clockNow() -> time_t { time_t(clock(CLOCK_REALTIME)) }
    func clock(_ id: clockid_t) -> Double {
      var time = timespec()
      clock_gettime(id, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    func timer(_ name: String, _ id: clockid_t) -> (String, Value) {
      (name, .builtin(Builtin("time.\(name)") { _, _ in .float(clock(id)) }))
    }
    return Module(
      "time",
      Dictionary(
        uniqueKeysWithValues: [
          timer("time", CLOCK_REALTIME), timer("perf_counter", CLOCK_MONOTONIC),
          timer("monotonic", CLOCK_MONOTONIC), timer("process_time", CLOCK_PROCESS_CPUTIME_ID),
          (
            "time_ns",
            .builtin(
              Builtin("time.time_ns") { _, _ in
                .int(Int(exactly: (clock(CLOCK_REALTIME) * 1e9).rounded()) ?? 0)
              })
          ),
          (
            "sleep",
            .builtin(
              Builtin("time.sleep") { evaluator, arguments in
                let seconds = min(max(arguments.positional.first?.doubleValue ?? 0, 0), 1e6)
                var rest = timespec()
                rest.tv_sec = Int(seconds)
                rest.tv_nsec = Int((seconds - seconds.rounded(.down)) * 1e9)
                nanosleep(&rest, nil)
                return .none
              })
          ),
          (
            "strftime",
            .builtin(
              Builtin("time.strftime") { evaluator, arguments in
                guard let format = arguments.positional.first?.stringValue, format.utf8.count < 200
                else { throw evaluator.raise("TypeError", "strftime() takes a format") }
                var now = clockNow()
                var parts = tm()
                localtime_r(&now, &parts)
                var buffer = [CChar](repeating: 0, count: 2048)
                strftime(&buffer, buffer.count, format, &parts)
                return .string(
                  String(
                    decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
                    as: UTF8.self))
              })
          ),
        ]))
  }

  private func copyModule() -> Module {
    Module(
      "copy",
      [
        "copy": .builtin(
          Builtin("copy.copy") { evaluator, arguments in
            try evaluator.copied(arguments.positional.first ?? .none)
          }),
        "deepcopy": .builtin(
          Builtin("copy.deepcopy") { evaluator, arguments in
            var made: [ObjectIdentifier: Value] = [:]
            return try evaluator.deeplyCopied(arguments.positional.first ?? .none, &made)
          }),
      ])
  }

  private func copied(_ value: Value) throws -> Value {
    switch value {
    case .list(let list): return try self.list(list.elements)
    case .dict(let dict):
      let copy = try keep(DictObject())
      try update(copy, with: .dict(dict))
      copy.factory = dict.factory
      return .dict(copy)
    case .set(let set): return try self.set(Array(set.members.values), isFrozen: set.isFrozen)
    case .array(let array): return .array(array.numbers.map { ArrayValue($0.copied()) } ?? array)
    case .instance(let instance):
      let copy = try keep(Instance(instance.type))
      copy.attributes = instance.attributes
      return .instance(copy)
    default: return value
    }
  }

  /// A copy of an object and all that hangs on it; what is shared stays shared.
  private func deeplyCopied(_ value: Value, _ made: inout [ObjectIdentifier: Value]) throws -> Value
  {
    try step()
    return try nested {
      switch value {
      case .list(let list):
        if let known = made[ObjectIdentifier(list)] { return known }
        let copy = try keep(ListObject([]))
        made[ObjectIdentifier(list)] = .list(copy)
        try charge(list.elements.count)
        for element in list.elements { copy.elements.append(try deeplyCopied(element, &made)) }
        return .list(copy)
      case .dict(let dict):
        if let known = made[ObjectIdentifier(dict)] { return known }
        let copy = try keep(DictObject())
        copy.factory = dict.factory
        made[ObjectIdentifier(dict)] = .dict(copy)
        for (key, member) in dict.members {
          try charge(1)
          copy.members[key] = (member.key, try deeplyCopied(member.value, &made))
        }
        return .dict(copy)
      case .tuple(let tuple):
        return try self.tuple(try tuple.elements.map { try deeplyCopied($0, &made) })
      case .instance(let instance):
        if let known = made[ObjectIdentifier(instance)] { return known }
        let copy = try keep(Instance(instance.type))
        made[ObjectIdentifier(instance)] = .instance(copy)
        copy.native = instance.native
        for (name, value) in instance.attributes {
          copy.attributes[name] = try deeplyCopied(value, &made)
        }
        return .instance(copy)
      default: return try copied(value)
      }
    }
  }
}

/// `sys.stdout`, `sys.stderr`.
final class StreamObject: NativeObject {
  let stream: ScriptStream

  init(_ stream: ScriptStream) { self.stream = stream }

  var typeName: String { "TextIOWrapper" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "write":
      return .builtin(
        Builtin("write") { [stream] evaluator, arguments in
          guard let text = arguments.positional.first?.stringValue else {
            throw evaluator.raise("TypeError", "write() argument must be str")
          }
          evaluator.write(text, to: stream)
          return .int(text.unicodeScalars.count)
        })
    case "flush", "reconfigure": return .builtin(Builtin(name) { _, _ in .none })
    case "isatty": return .builtin(Builtin(name) { _, _ in .bool(false) })
    default: return nil
    }
  }
}

/// What can be called, asked for anything and entered, and never does anything.
final class SilentObject: NativeObject {
  var typeName: String { "object" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "__enter__", "__exit__": .builtin(Builtin(name) { _, _ in .none })
    default: name.hasPrefix("__") ? nil : .native(SilentObject())
    }
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    .native(SilentObject())
  }
}
