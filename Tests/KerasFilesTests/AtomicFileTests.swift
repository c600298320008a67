import Foundation
import Synchronization
import Testing

@testable import KerasFiles

@Suite final class AtomicFileTests {
  private let folder: String
  private let old = Array("the old text\n".utf8)
  private let new = Array("the new text, which is longer\n".utf8)

  init() throws {
    folder = NSTemporaryDirectory() + "unroll-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func path(_ name: String) -> String { folder + "/" + name }

  private func put(_ name: String) throws -> FileStamp {
    try AtomicFile().write(old, to: path(name), expecting: .nothing)
  }

  private func bytes(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path(name)).map { Array($0) }
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test func aSaveReplacesTheBytesAndLeavesNothingElse() throws {
    let stamp = try put("m.json")
    let next = try AtomicFile().write(new, to: path("m.json"), expecting: .unchanged(stamp))
    #expect(bytes("m.json") == new)
    #expect(names == ["m.json"])
    #expect(try FileContents.read(path("m.json")).stamp == next)
  }

  @Test func modeAndLinkStay() throws {
    _ = try put("m.json")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path("m.json"))
    try FileManager.default.createSymbolicLink(
      atPath: path("link.json"), withDestinationPath: "m.json")
    _ = try AtomicFile().write(new, to: path("link.json"), expecting: .anything)
    #expect(bytes("m.json") == new)
    let attributes = try FileManager.default.attributesOfItem(atPath: path("m.json"))
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: path("link.json"))
    #expect(target == "m.json")
  }

  @Test func aFileThatSomeoneElseChangedIsNotOverwritten() throws {
    let stamp = try put("m.json")
    try Data("theirs".utf8).write(to: URL(fileURLWithPath: path("m.json")))
    let error = #expect(throws: FileError.self) {
      try AtomicFile().write(new, to: path("m.json"), expecting: .unchanged(stamp))
    }
    #expect(error?.message == "was changed by someone else since it was opened")
    #expect(bytes("m.json") == Array("theirs".utf8))
    _ = try AtomicFile().write(new, to: path("m.json"), expecting: .anything)
    #expect(bytes("m.json") == new)
  }

  @Test func aFileThatIsThereAlreadyIsNotOverwritten() throws {
    _ = try put("m.json")
    #expect(throws: FileError.self) {
      try AtomicFile().write(new, to: path("m.json"), expecting: .nothing)
    }
    #expect(bytes("m.json") == old)
    #expect(names == ["m.json"])
  }

  @Test func aChangeDuringTheSaveIsSeen() throws {
    let stamp = try put("m.json")
    let target = path("m.json")
    var calls = FileCalls.system
    let flush = calls.flush
    calls.flush = { descriptor in
      try Data("theirs".utf8).write(to: URL(fileURLWithPath: target))
      try flush(descriptor)
    }
    #expect(throws: FileError.self) {
      try AtomicFile(calls: calls).write(self.new, to: target, expecting: .unchanged(stamp))
    }
    #expect(bytes("m.json") == Array("theirs".utf8))
    #expect(names == ["m.json"])
  }

  /// Counts calls and makes the one with a given number fail.
  private final class Saboteur: Sendable {
    private let rest: Mutex<Int>
    private let fault: SystemFault
    let struck = Mutex(false)

    init(_ number: Int, _ fault: SystemFault) {
      rest = Mutex(number)
      self.fault = fault
    }

    func step() throws {
      let strikes = rest.withLock { rest in
        rest -= 1
        return rest == -1
      }
      guard strikes else { return }
      struck.withLock { $0 = true }
      throw fault
    }
  }

  private func sabotaged(_ saboteur: Saboteur) -> FileCalls {
    let system = FileCalls.system
    var calls = system
    calls.create = {
      try saboteur.step(); return try system.create($0, $1)
    }
    calls.openFolder = {
      try saboteur.step(); return try system.openFolder($0)
    }
    calls.write = { descriptor, buffer in
      try saboteur.step()
      // Short writes besides.
      let part = UnsafeRawBufferPointer(rebasing: buffer.prefix(7))
      return try system.write(descriptor, part)
    }
    calls.changeMode = {
      try saboteur.step(); try system.changeMode($0, $1)
    }
    calls.flush = {
      try saboteur.step(); try system.flush($0)
    }
    calls.close = {
      try system.close($0); try saboteur.step()
    }
    calls.rename = {
      try saboteur.step(); try system.rename($0, $1)
    }
    calls.statusOfOpen = {
      try saboteur.step(); return try system.statusOfOpen($0)
    }
    return calls
  }

  @Test(arguments: [SystemFault.noSpace, .inputOutput])
  func whateverCallFailsTheOldBytesStay(_ fault: SystemFault) throws {
    var failures = 0
    for number in 0..<40 {
      let name = "m\(number).json"
      let stamp = try put(name)
      let saboteur = Saboteur(number, fault)
      do {
        _ = try AtomicFile(calls: sabotaged(saboteur)).write(
          new, to: path(name), expecting: .unchanged(stamp))
        #expect(bytes(name) == new)
      } catch {
        failures += 1
        #expect(error.description.hasSuffix("the old file is unchanged"))
        #expect(bytes(name) == old, "call \(number)")
      }
      try FileManager.default.removeItem(atPath: path(name))
      #expect(names.isEmpty, "call \(number): \(names)")
    }
    #expect(failures > 10)
  }

  @Test func aNewFileIsNotLeftHalfWritten() throws {
    for number in 0..<20 {
      let saboteur = Saboteur(number, .noSpace)
      let result = Result {
        try AtomicFile(calls: sabotaged(saboteur)).write(
          new, to: path("m.json"), expecting: .nothing)
      }
      switch result {
      case .success: #expect(bytes("m.json") == new)
      case .failure: #expect(names.isEmpty, "call \(number): \(names)")
      }
      try? FileManager.default.removeItem(atPath: path("m.json"))
    }
  }

  @Test func interruptionsAndShortWritesDoNotFailASave() throws {
    for number in 0..<30 {
      let stamp = try put("m.json")
      let saboteur = Saboteur(number, .interrupted)
      var calls = sabotaged(saboteur)
      calls.statusOfOpen = FileCalls.system.statusOfOpen
      calls.changeMode = FileCalls.system.changeMode
      _ = try AtomicFile(calls: calls).write(
        new, to: path("m.json"), expecting: .unchanged(stamp))
      #expect(bytes("m.json") == new)
      try FileManager.default.removeItem(atPath: path("m.json"))
      #expect(names.isEmpty)
    }
  }

  @Test func foldersAndMissingFoldersAreOneLine() throws {
    for target in [folder, path("none/m.json"), path("m.json/"), ""] {
      let error = #expect(throws: FileError.self) {
        try AtomicFile().write(new, to: target, expecting: .anything)
      }
      #expect(error?.description.contains("\n") == false)
    }
    #expect(names.isEmpty)
  }

  @Test func whatIsNoFileIsRefusedWithoutWaiting() throws {
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: path("loop"), withDestinationPath: "loop")
    let expected = [
      (path("pipe"), "is a pipe, not a file"), (folder, "is a folder, not a file"),
      ("/dev/zero", "is a device, not a file"), (path("none"), "there is no such file"),
      (path("loop"), "cannot be read: the symbolic links go in a circle"),
    ]
    for (file, message) in expected {
      let error = #expect(throws: FileError.self) { try FileContents.read(file) }
      #expect(error?.message == message)
    }
  }

  @Test func aFileBeyondTheLimitIsRefused() throws {
    _ = try put("m.json")
    #expect(throws: FileError.self) { try FileContents.read(path("m.json"), limit: 5) }
    #expect(try FileContents.read(path("m.json"), limit: old.count).bytes == old)
  }
}
