import Foundation
import Neural
import Testing

@testable import KerasFiles

@Suite final class InputArraysTests {
  private let folder: String
  private let one: Model
  private let two: Model

  init() throws {
    folder = NSTemporaryDirectory() + "unroll-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    one = Model(input: InputLayer(batchShape: [nil, nil, 2]), layers: [NamedLayer("l", LSTM())])
    var both = Model(name: "two", kind: .functional)
    for (name, shape) in [("source", [nil, nil, 2]), ("side", [nil, 3])] as [(String, [Int?])] {
      both.outputs.append(both.addInput(NamedLayer(name, InputLayer(batchShape: shape))))
    }
    two = both
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func npy(_ name: String, _ sizes: [Int], _ value: Float = 0) throws -> String {
    let path = folder + "/" + name
    try ArrayFile.save(Tensor(sizes, repeating: value), to: path)
    return path
  }

  private func text(_ name: String, _ text: String) throws -> String {
    let path = folder + "/" + name
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func message(_ sources: [String], _ model: Model) throws -> String {
    try #require(throws: FileError.self) { try InputArrays(sources, for: model) }.description
  }

  @Test func filesGoToInputsInOrderOrByName() throws {
    let (a, b) = (try npy("a.npy", [4, 5, 2]), try npy("b.npy", [4, 3]))
    for sources in [[a, b], ["side=" + b, a], ["side=" + b, "source=" + a], [a, "side=" + b]] {
      let read = try InputArrays(sources, for: two)
      #expect(read.tensors.map(\.sizes) == [[4, 5, 2], [4, 3]])
      #expect(read.paths == [a, b])
    }
  }

  @Test func anArchiveGivesItsArraysByNameOrInOrder() throws {
    let path = folder + "/x.npz"
    func save(_ names: [String]) throws {
      let tensors = [Tensor([4, 3]), Tensor([4, 5, 2])]
      try ArrayFile.save(zip(names, tensors).map { (name: $0, tensor: $1) }, to: path)
    }
    try save(["side", "source"])
    #expect(try InputArrays([path], for: two).tensors.map(\.sizes) == [[4, 5, 2], [4, 3]])
    try save(["x", "y"])
    #expect(
      try InputArrays([path + ":y", path + ":x"], for: two).tensors.map(\.rank) == [3, 2])
    #expect(try message([path], one).contains("has 2 arrays (x, y) for 1 input; name one: "))
  }

  @Test func aTableIsOneSampleOrASampleALine() throws {
    let path = try text("x.csv", "a,b\n1,2\n3,4\n5,6\n")
    #expect(try InputArrays([path], for: one).tensors == [Tensor([1, 3, 2], [1, 2, 3, 4, 5, 6])])
    let flat = Model(input: InputLayer(batchShape: [nil, 2]), layers: [NamedLayer("d", Dense())])
    #expect(try InputArrays([path], for: flat).tensors[0].sizes == [3, 2])
    let image = Model(
      input: InputLayer(batchShape: [nil, 4, 4, 3]), layers: [NamedLayer("f", Flatten())])
    #expect(try message([path], image).contains("is a table"))
  }

  @Test func whatDoesNotFitNamesTheFile() throws {
    let a = try npy("a.npy", [4, 5, 2])
    let wide = try npy("wide.npy", [4, 5, 3])
    #expect(try message([wide], one).hasPrefix(wide + ": the input has 3 features"))
    let flat = try npy("flat.npy", [5, 2])
    #expect(try message([flat], one).hasPrefix(flat + ": the input has 2 axes"))
    let none = try npy("none.npy", [4, 0, 2])
    #expect(try message([none], one).contains("no timesteps"))
    #expect(try message([a, a], one).contains("one array too many: the model takes 1 input"))
    #expect(try message([a], two).contains("leaves the input side without an array"))
    #expect(try message([a, try npy("b.npy", [3, 3])], two).contains("has 3 samples"))
    #expect(try message(["sid=" + a], two).contains("did you mean side?"))
    #expect(try message(["side=" + a, "side=" + a], two).contains("the input side"))
    let ragged = try text("r.csv", "1,2\n3\n")
    #expect(try message([ragged], one).hasPrefix(ragged + ":2:1: "))
  }
}
