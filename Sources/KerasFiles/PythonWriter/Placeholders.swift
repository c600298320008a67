import Neural
import OrderedCollections

/// What a script needs and only a person can give: classes and functions that are not Keras' own.
///
/// Each stands at the top of the script as a definition that says so when it is run.
struct Placeholders {
  private var functions: [String] = []
  private var classes: OrderedDictionary<String, Class> = [:]

  private struct Class {
    /// `keras.layers.Layer`, or nothing.
    var base: String
    /// Where the file says that it is defined.
    var module: String?
    /// The arguments that it is made with.
    var settings: OrderedSet<String> = []
  }

  /// The definitions, classes first.
  var definitions: [String] { classes.map { definition($0, $1) } + functions }

  /// A class that is made with these arguments.
  ///
  /// - Parameters:
  ///   - name: the class as the file names it.
  ///   - base: what it derives from; empty: nothing.
  ///   - module: where the file says that it is defined.
  ///   - settings: the keywords that it takes beyond its base's.
  /// - Returns: its name in the script.
  mutating func addClass(
    _ name: String, base: String, module: String?, settings: some Sequence<String>
  ) -> String {
    let identifier = PythonNames.identifier(name)
    classes[identifier, default: Class(base: base, module: module)].settings.append(
      contentsOf: settings)
    return identifier
  }

  /// A function.
  ///
  /// - Parameters:
  ///   - name: its name in the script.
  ///   - parameters: what it takes: `x`.
  ///   - comment: what a person is to do.
  ///   - what: what is missing while nobody has.
  mutating func addFunction(_ name: String, _ parameters: String, comment: String, what: String) {
    let definition = """
      def \(name)(\(parameters)):
          # \(comment)
          raise NotImplementedError(\(PythonLiteral.text(what)))
      """
    if !functions.contains(definition) { functions.append(definition) }
  }

  /// A function or class that a file registers under `package>name`, and its name alone.
  static func shortName(_ registered: String) -> String {
    String(registered.split(separator: ">").last ?? "")
  }

  private func definition(_ name: String, _ one: Class) -> String {
    let from = one.module.map { "import it from \($0)" } ?? "import it"
    let settings = one.settings.map { "\($0)=None" }.joined(separator: ", ")
    var lines = [
      "class \(name)\(one.base.isEmpty ? "" : "(\(one.base))"):",
      "    # This class is not one of Keras' own: \(from), or write it here.",
    ]
    if !settings.isEmpty {
      let head = "    def __init__(self, *, \(settings)\(one.base.isEmpty ? "" : ", **kwargs")):"
      if head.count <= PythonExpression.lineLength {
        lines.append(head)
      } else {
        lines += ["    def __init__(", "        self,", "        *,"]
        lines += one.settings.map { "        \($0)=None," }
        lines += (one.base.isEmpty ? [] : ["        **kwargs,"]) + ["    ):"]
      }
      lines += [one.base.isEmpty ? "        pass" : "        super().__init__(**kwargs)", ""]
    }
    lines += [
      "    def \(one.base.isEmpty ? "__call__" : "call")(self, *args, **kwargs):",
      "        raise NotImplementedError(\(PythonLiteral.text("class \(name)")))",
    ]
    return lines.joined(separator: "\n")
  }
}

extension Placeholders {
  /// Where a file says that a class is defined, where a script could import it from.
  static func module(of object: ConfigValue) -> String? {
    guard let module = object["module"]?.stringValue, module != "__main__", module != "builtins",
      module.count <= 60,
      module.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ part in
        part.utf8.first.map { !(0x30...0x39).contains($0) } == true
          && part.utf8.allSatisfy { $0 == 0x5F || isLetterOrDigit($0) }
      })
    else { return nil }
    return module
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
