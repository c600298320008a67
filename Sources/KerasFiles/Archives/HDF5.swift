import CHDF5
import Synchronization

/// HDF5 files in memory: libhdf5, one caller at a time, which it needs.
enum HDF5 {
  /// Why a file cannot be read or made.
  struct Failure: Error, Hashable {
    /// What is wrong, without a full stop.
    var message: String

    init(_ message: String) { self.message = message }
  }

  /// What an HDF5 file starts with.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46]

  private static let gate = Mutex<Bool>(false)

  /// Works with the library while nobody else does.
  static func exclusively<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = gate.withLock { isReady in
      if !isReady {
        hdf5_keep_quiet()
        isReady = true
      }
      do throws(Failure) {
        return .success(try body())
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}
