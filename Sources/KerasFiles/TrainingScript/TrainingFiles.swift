import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The files that a training script is to read, looked at without reading their numbers.
public struct TrainingFiles: Sendable {
  /// The sizes of each target, where all files are arrays of their own and were found.
  public private(set) var targetSizes: [[Int]] = []
  /// What is worth saying about the files, a line each.
  public private(set) var remarks: [String] = []

  /// The kinds of files that a script reads.
  public static let suffixes = ["npy", "npz"]

  /// Looks at the files.
  ///
  /// - Parameters:
  ///   - paths: a `.npy` for each input and then each output of the model, or `.npz` files with all
  ///     of them. One that is not here is remarked: the script may run elsewhere.
  ///   - model: the model.
  /// - Throws: `FileError` where there are too few or too many, or one does not fit the model.
  public init(_ paths: [String], for model: Model) throws(FileError) {
    let inputs = model.inputDescriptions
    let outputs = model.outputs.map { model.layer(of: $0.node)?.name ?? "?" }
    let names = inputs.map(\.name) + outputs
    var sizes: [[Int]?] = []
    var hasArchive = false
    for path in paths {
      guard Self.suffixes.contains(ModelFile.suffix(of: path)) else {
        throw FileError(
          path, "training scripts read .npy and .npz files",
          remedy: "numpy.save(\"x.npy\", x) writes one")
      }
      guard access(path, F_OK) == 0 else {
        remarks.append("\(path): there is no such file yet; the script will look for it")
        hasArchive = hasArchive || ModelFile.suffix(of: path) == "npz"
        sizes.append(nil)
        continue
      }
      if ModelFile.suffix(of: path) == "npz" {
        hasArchive = true
        try Self.checkArchive(path)
      } else {
        sizes.append(try Self.sizes(of: path))
      }
    }
    // What stands in an archive goes by names: the script looks.
    guard !hasArchive, !paths.isEmpty else { return }
    guard paths.count == names.count else {
      throw FileError(
        "--data",
        "\(paths.count) \(paths.count == 1 ? "file" : "files") for "
          + "\(names.count) arrays: \(listed(names))",
        remedy: "name a .npy for each input and each output in this order, or a .npz of them")
    }
    try check(sizes, paths, names, model)
    let targets = sizes.dropFirst(inputs.count).compactMap { $0 }
    if targets.count == outputs.count { targetSizes = targets }
  }

  private func check(
    _ sizes: [[Int]?], _ paths: [String], _ names: [String], _ model: Model
  ) throws(FileError) {
    var first: (samples: Int, path: String)?
    for (index, found) in sizes.enumerated() {
      guard let found else { continue }
      guard let samples = found.first else {
        throw FileError(
          paths[index], "is a single number", remedy: "save an array: (samples, …)")
      }
      if let first, first.samples != samples {
        throw FileError(
          paths[index],
          "has \(samples.grouped) samples, \(first.path) has \(first.samples.grouped)",
          remedy: "every sample needs all inputs and targets")
      }
      first = first ?? (samples, paths[index])
      guard index < model.inputs.count else { continue }
      do throws(PassError) {
        // The script takes batches of the array: how many samples it has does not matter.
        var batch = found
        batch[0] = model.fixedBatch ?? found[0]
        _ = try model.adjusted(batch, forInput: index)
      } catch {
        throw FileError(paths[index], error.message, remedy: error.remedy)
      }
    }
  }

  /// The sizes of a `.npy` array, of which no more than the header is read.
  private static func sizes(of path: String) throws(FileError) -> [Int] {
    let file = try OpenedFile(path, for: .array)
    var bytes = [UInt8](repeating: 0, count: min(max(file.stamp.size, 0), 1 << 16))
    let count = bytes.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count else { throw FileError(path, "cannot be read") }
    do throws(ArrayFault) {
      return try NumPyHeader(bytes).sizes
    } catch {
      throw error.at(path)
    }
  }

  private static func checkArchive(_ path: String) throws(FileError) {
    let file = try OpenedFile(path, for: .array)
    do throws(ArrayFault) {
      let archive = try ZipReader(file, remedy: "numpy.savez(path, name=x) writes one anew")
      guard try !archive.listings(where: { $0.hasSuffix(".npy") }).isEmpty else {
        throw ArrayFault("holds no arrays", remedy: "numpy.savez(path, name=x) writes some")
      }
    } catch {
      throw error.at(path)
    }
  }
}

extension Model {
  /// The samples that every batch has, where the inputs say so.
  var fixedBatch: Int? {
    inputs.lazy.compactMap { input -> Int? in
      (self.layer(of: input.node)?.layer as? InputLayer)?.batchShape?.first ?? nil
    }.first
  }
}
