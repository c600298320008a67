import Explorer
import KerasFiles
import Neural

/// Runs that the explorer asks for.
enum RunFiles {
  /// Carries out a run and tells how it went.
  static func carryOut(_ request: RunRequest) -> Message {
    do throws(PassError) {
      guard case .files(let paths) = request.input else { return .ran(try request.carryOut()) }
      return .ran(try request.carryOut(on: try data(paths, for: request.model)))
    } catch {
      return .runFailed(number: request.number, error)
    }
  }

  /// The arrays of files, or their first samples where there are too many to look at.
  private static func data(
    _ paths: [String], for model: Model
  ) throws(PassError) -> RunData {
    do throws(FileError) {
      let read = try InputArrays(paths.map(ModelFiles.expandingHome), for: model)
      let samples = read.tensors.first?.sizes.first ?? 0
      guard samples > RunData.mostSamples else { return RunData(read.tensors) }
      return RunData(
        read.tensors.map { $0.samples(0..<RunData.mostSamples) }, available: samples)
    } catch {
      throw PassError(error.description)
    }
  }
}
