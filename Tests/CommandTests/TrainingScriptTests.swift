import Foundation
import TerminalProbe
import Testing

/// A training script in real Keras, on two devices (`Tests/TrainingScript`).
@Suite struct TrainingScriptTests {
  /// The Python that `UNROLL_KERAS_PYTHON` names, else `python3`.
  private static let python =
    ProcessInfo.processInfo.environment["UNROLL_KERAS_PYTHON"] ?? "python3"

  private static let hasKeras: Bool = {
    let find = "import importlib.util as u; exit(not (u.find_spec('keras') and u.find_spec('jax')))"
    return (try? run(["-c", find]))?.status == 0
  }()

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test(
    .enabled(
      if: hasKeras,
      "SKIPPED: no Python with Keras 3 and JAX; name one in UNROLL_KERAS_PYTHON to train with it"))
  func trainsOnTwoDevicesAndGoesOnAfterItIsKilled() throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "TrainingScript/verify_training_script.py").path
    let result = try Self.run([script, try Executable.unroll(), "--quick"])
    #expect(result.status == 0, "\(result.output)")
  }
}
