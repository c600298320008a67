#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The body of a generator on a thread of its own, which runs only while someone waits for its
/// next value: never two at a time.
final class Coroutine: @unchecked Sendable {
  private enum Answer {
    case value(Value)
    case failed(any Error)
    case finished
  }

  /// Ends the body at the `yield` where it stands.
  private struct Abandoned: Error {}

  private var mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isBodysTurn = false
  private var isStarted = false
  private var isFinished = false
  private var isAbandoned = false
  private var answer = Answer.finished
  private var body: ((Coroutine) throws -> Void)?

  /// Bytes of stack for each generator that is under way.
  private static let stackSize = 64 << 20

  init(_ body: @escaping (Coroutine) throws -> Void) {
    self.body = body
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// The next value; `nil` when the body has ended.
  func next() throws -> Value? {
    guard !isFinished else { return nil }
    resume()
    switch answer {
    case .value(let value): return value
    case .failed(let error):
      isFinished = true
      throw error
    case .finished:
      isFinished = true
      return nil
    }
  }

  /// Ends a body that nobody waits for any more.
  func abandon() {
    body = isStarted ? body : nil
    guard isStarted, !isFinished else {
      isFinished = true
      return
    }
    isAbandoned = true
    isFinished = true
    resume()
  }

  /// Called by the body: hands a value out and waits until the next one is asked for.
  func yield(_ value: Value) throws {
    answer = .value(value)
    pass(toBody: false)
    wait(forBody: true)
    if isAbandoned { throw Abandoned() }
  }

  private func resume() {
    if isStarted {
      pass(toBody: true)
    } else {
      isStarted = true
      isBodysTurn = true
      LargeStackThread.start(stackSize: Self.stackSize) { [self] in
        do {
          try body?(self)
          answer = .finished
        } catch {
          answer = .failed(error)
        }
        body = nil
        pass(toBody: false)
      }
    }
    wait(forBody: false)
  }

  private func pass(toBody: Bool) {
    pthread_mutex_lock(mutex)
    isBodysTurn = toBody
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func wait(forBody: Bool) {
    pthread_mutex_lock(mutex)
    while isBodysTurn != forBody { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}

extension Evaluator {
  /// A generator in a run: its body goes on from `yield` to `yield`.
  func runningGenerator(_ function: Function, _ inner: Frame) throws -> Value {
    var suspended = Suspension(frame: inner, location: location)
    let coroutine = Coroutine { [unowned self] coroutine in
      inner.coroutine = coroutine
      defer { inner.coroutine = nil }
      _ = try run(function.definition.body)
    }
    let iterator = try keep(
      IteratorObject { [unowned self] in
        let outer = suspension
        suspension = suspended
        defer {
          suspended = suspension
          suspension = outer
        }
        return try coroutine.next()
      })
    iterator.whenEmptied = { [unowned self] in
      let outer = suspension
      suspension = suspended
      coroutine.abandon()
      suspension = outer
    }
    return .iterator(iterator)
  }

  /// Where an evaluation stands: what a generator has of its own.
  private var suspension: Suspension {
    get {
      Suspension(
        frame: frame, location: location, handled: handled, loopDoubt: loopDoubt,
        nameErrorHandlers: nameErrorHandlers, depths: depths)
    }
    set {
      frame = newValue.frame
      location = newValue.location
      handled = newValue.handled
      loopDoubt = newValue.loopDoubt
      nameErrorHandlers = newValue.nameErrorHandlers
      if let depths = newValue.depths { self.depths = depths }
    }
  }
}

/// Where an evaluation stands.
private struct Suspension {
  var frame: Frame
  var location: SourceLocation
  var handled: [Raised] = []
  var loopDoubt: Unknown?
  var nameErrorHandlers = 0
  /// How deep it stands; `nil` before it begins: as deep as who asks.
  var depths: Evaluator.Depths?
}

/// A generator expression in a run: each element is worked out when it is asked for.
final class LazyComprehension {
  private let evaluator: Evaluator
  private let element: Expression
  private let generators: [Generator]
  private let frame: Frame
  private var iterators: [IteratorObject]

  init(
    _ evaluator: Evaluator, _ element: Expression, _ generators: [Generator], _ frame: Frame,
    first: IteratorObject
  ) {
    self.evaluator = evaluator
    self.element = element
    self.generators = generators
    self.frame = frame
    iterators = [first]
  }

  func next() throws -> Value? {
    let outer = evaluator.frame
    evaluator.frame = frame
    defer { evaluator.frame = outer }
    while let iterator = iterators.last {
      try evaluator.step()
      let generator = generators[iterators.count - 1]
      guard let item = try iterator.next() else {
        iterators.removeLast()
        continue
      }
      try evaluator.assign(item, to: generator.target)
      guard
        try generator.conditions.allSatisfy({
          try evaluator.truth(of: try evaluator.value(of: $0)) ?? false
        })
      else { continue }
      if iterators.count == generators.count { return try evaluator.value(of: element) }
      let inner = try evaluator.value(of: generators[iterators.count].iterable)
      iterators.append(try evaluator.iterator(over: inner))
    }
    return nil
  }
}
