import CZip

/// Writes a zip archive, its members stored as they are, one after the other.
struct ZipWriter {
  /// The archive could not be made.
  struct Failure: Error {}

  /// What an archive holds under a name.
  struct Member {
    /// Its bytes.
    enum Content {
      /// These.
      case bytes([UInt8])
      /// Those at a place that stays until the archive is written.
      case borrowed(UnsafeRawBufferPointer)
      /// As many as `size`, made when their turn has come.
      case made(size: Int, (UnsafeMutableRawBufferPointer) -> Void)
    }

    var name: String
    var content: Content
  }

  /// Writes an archive of these members; equal members give equal bytes.
  ///
  /// - Throws: `Failure` where memory does not suffice, and what the sink throws.
  static func write(_ members: [Member], to sink: any ByteSink) throws {
    let output = ZipOutput(sink)
    // What libzip reads from has to stay until the archive is closed.
    let inputs = members.map { ZipInput($0) }
    defer { withExtendedLifetime((inputs, output)) {} }
    do throws(Failure) {
      try write(inputs, into: output)
    } catch {
      throw output.fault ?? error
    }
  }

  private static func write(_ inputs: [ZipInput], into output: ZipOutput) throws(Failure) {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    let place = Unmanaged.passUnretained(output).toOpaque()
    guard let target = zip_source_function_create(ZipOutput.answer, place, &error) else {
      throw Failure()
    }
    guard let archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error) else {
      zip_source_free(target)
      throw Failure()
    }
    do throws(Failure) {
      for input in inputs { try add(input, to: archive) }
    } catch {
      zip_discard(archive)
      throw error
    }
    guard zip_close(archive) == 0 else {
      zip_discard(archive)
      throw Failure()
    }
  }

  private static func add(_ input: ZipInput, to archive: OpaquePointer) throws(Failure) {
    let place = Unmanaged.passUnretained(input).toOpaque()
    guard let source = zip_source_function(archive, ZipInput.answer, place) else {
      throw Failure()
    }
    let index = zip_file_add(archive, input.member.name, source, ZIP_FL_ENC_UTF_8)
    guard index >= 0 else {
      zip_source_free(source)
      throw Failure()
    }
    let member = UInt64(index)
    // 1 January 1980, as NumPy writes: the same numbers give the same file.
    guard zip_set_file_compression(archive, member, ZIP_CM_STORE, 0) == 0,
      zip_file_set_dostime(archive, member, 0, 0x21, 0) == 0
    else { throw Failure() }
  }
}
