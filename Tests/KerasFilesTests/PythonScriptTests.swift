import Neural
import OrderedCollections
import Testing

@testable import KerasFiles

private func open(
  _ script: String, set: OrderedDictionary<String, String> = [:]
) async throws -> PythonScript {
  try await PythonScript(reading: Array(script.utf8), settings: set)
}

/// The main model's layers, one a line: name, class, output shapes, parameters.
private func table(_ script: PythonScript) -> [String] {
  let model = script.models[script.main].model
  let analysis = Analysis(of: model)
  return model.layers.compactMap { id, layer in
    guard layer.className != "InputLayer", let node = model.calls(of: id).first else { return nil }
    let shapes = analysis.reports[node]?.outputs?.map(\.description).joined(separator: " ") ?? "?"
    return "\(layer.name) \(shapes) \(analysis.parameters[id]?.total.description ?? "?")"
  }
}

private let fragment = """
          self.model.add(Bidirectional(LSTM(hidden, input_shape=(steps, width), return_sequences=True)))
          self.model.add(BatchNormalization())
          self.model.add(Dropout(0.2))
  """

@Suite struct PythonScriptTests {
  @Test func opensAFragmentWithoutImportsOnceItsFreeNamesAreGiven() async throws {
    let script = try await open(fragment, set: ["hidden": "50", "steps": "128", "width": "20"])
    #expect(
      table(script) == [
        "bidirectional (None, 128, 100) 28400", "batch_normalization (None, 128, 100) 400",
        "dropout (None, 128, 100) 0",
      ])
  }

  @Test func namesTheFreeNameThatALayerNeeds() async {
    let error = await #expect(throws: ScriptError.self) {
      try await open(fragment, set: ["hidden": "50", "width": "20"])
    }
    #expect(error?.location?.line == 1)
    #expect(error?.description.contains("--set steps=VALUE") == true)
  }

  @Test func buildReplacesTheShapeThatTheInnerLayerStates() async throws {
    let script = try await open(
      """
      from keras.models import Sequential
      from keras.layers import *
      model = Sequential()
      model.add(Bidirectional(LSTM(50, input_shape=(128, 20), return_sequences=True)))
      model.build(input_shape=(32, 128, 20))
      """)
    #expect(table(script) == ["bidirectional (32, 128, 100) 28400"])
  }

  @Test func opensTwoTowersWithBackendCallsAndData() async throws {
    let script = try await open(
      """
      import random, numpy
      from keras import backend as K
      from keras.layers import *
      from keras.models import Model
      a = Input(shape=(None, 300, 1))
      x = K.squeeze(Conv2D(32, (2, 300))(a), 2)
      x = LSTM(units=6, input_shape=(1, 8))(MaxPooling1D(4, data_format='channels_first')(x))
      b = Input(shape=(5, 300, 1))
      y = Reshape((4, 32))(Conv2D(32, (2, 300))(b))
      y = LSTM(6)(MaxPooling1D(4, data_format='channels_first')(y))
      out = Dense(1, activation='sigmoid')(Dense(16, activation='relu')(Subtract()([x, y])))
      model = Model([a, b], out)
      model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
      n = random.randint(2, 10)
      data = numpy.random.random((100, n, 300))
      model.fit([data, data], numpy.random.randint(2, size=100), epochs=10)
      prediction = [round(v) for [v] in model.predict([data, data])]
      print(sum(prediction == data) / len(prediction))
      """)
    let analysis = Analysis(of: script.models[0].model)
    #expect(analysis.total.total == 39313)
    #expect(table(script).contains("max_pooling1d (None, None, 8) 0"))
    #expect(script.models[0].isFitted)
    #expect(script.warnings.map(\.location.description) == ["7:5"])
    #expect(script.warnings.first?.message.contains("input_shape=(1, 8) is ignored") == true)
    #expect(script.models[0].compileArguments["loss"] == "binary_crossentropy")
  }

  @Test(arguments: [
    ("model.add(Danse(3))", "did you mean Dense"),
    ("model.add(Dense(3, activaton='relu'))", "activation"),
    ("model.add(Dense(3, activation='rellu'))", "relu"), ("model.add(LSTM(0))", "units"),
    ("model.add(LSTM(3))", "LSTM"), ("model.add(Dense(n_units))", "--set n_units=VALUE"),
    ("model.add(Dense(len(open('x').read())))", "--set 'len(open('x').read())=VALUE'"),
    ("model.add(3)", "layer"), ("model.add(Dense())", "units"),
    ("model.add(Dropout(0.1, None, 3, 4))", "at most"),
    ("model.add(layers.Danse(3))", "Dense"), ("model.add(Dense(10 ** 30))", "64 bits"),
    ("model.add(MelSpectrogram())", "not supported"),
  ])
  func saysWhatIsWrongWhereItIs(line: String, words: String) async {
    let script =
      "from keras import layers\nfrom keras.layers import *\nmodel = keras.Sequential([Input((4,))])\n\(line)\n"
    let error = await #expect(throws: ScriptError.self) { try await open(script) }
    #expect(error?.location?.line == 4)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func whatAPersonSaysWins() async throws {
    let script = """
      import argparse
      p = argparse.ArgumentParser()
      p.add_argument('--units')
      args = p.parse_args()
      size = 8
      chars = sorted(set(open('x').read()))
      model = Sequential([Input((len(chars), size)), LSTM(args.units)])
      """
    let opened = try await open(script, set: ["args.units": "5", "size": "3", "len(chars)": "7"])
    #expect(table(opened) == ["lstm (None, 5) 180"])
    await #expect(throws: ScriptError.self) { try await open(script) }
  }

  @Test(arguments: [
    "import tensorflow as tf\nm = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,))])",
    "from tensorflow.keras import layers, models\nm = models.Sequential([layers.Dense(2, input_dim=3)])",
    "from tensorflow.python.keras.layers import Dense\nfrom keras.src.models import Sequential\nm = Sequential([Dense(2, batch_input_shape=(None, 3))])",
    "from keras.layers.core import Dense\nfrom keras.models import Sequential as S\nm = S()\nm.add(Dense(output_dim=2, input_dim=3, init='uniform'))",
    "import keras\ni = keras.Input((3,))\nm = keras.Model(input=i, output=keras.layers.Dense(2)(i))",
    "class M(keras.Model):\n  def __init__(self):\n    super().__init__()\n    self.d = keras.layers.Dense(2)\n  def call(self, x):\n    return self.d(x)\nm = M()\nm.build((None, 3))",
    "def build(n=2):\n  m = Sequential()\n  m.add(Dense(n, input_shape=(3,)))\n  return m",
    "class Net:\n  def make(self):\n    self.m = Sequential([Dense(2, input_shape=(3,))])\nn = Net()\nn.make()",
    "try:\n  from keras.layers import CuDNNLSTM as L\nexcept ImportError:\n  from keras.layers import LSTM as L\nm = Sequential([Dense(2, input_shape=(3,))])",
  ])
  func knowsTheWaysToWriteASmallModel(script: String) async throws {
    let opened = try await open(script)
    #expect(Analysis(of: opened.models[opened.main].model).total.total == 8)
  }

  @Test func aLambdaIsLookedAtAndNeverRun() async throws {
    let script = try await open(
      """
      x = Input((10, 4))
      y = Lambda(lambda t: t[:, -1] * 2)(x)
      z = Lambda(lambda t: anything(t), output_shape=(6,))(x)
      model = Model(x, concatenate([y, z]))
      """)
    #expect(
      table(script) == [
        "lambda (None, 4) 0", "lambda_1 (None, 6) 0", "concatenate (None, 10) 0",
      ])
  }

  @Test func towersWithoutAModelOpenAsOne() async throws {
    let script = try await open(
      """
      a = Input(shape=(None, 8))
      x = LSTM(6)(a)
      b = Input(shape=(4, 8))
      y = LSTM(6)(b)
      """)
    #expect(table(script) == ["lstm (None, 6) 360", "lstm_1 (None, 6) 360"])
    #expect(script.models[0].model.outputs.count == 2)
    #expect(script.warnings.count == 1)
  }

  @Test func theTrainedModelIsTheMainOne() async throws {
    let script = try await open(
      """
      a = Sequential([Dense(1, input_shape=(2,))])
      b = Sequential([Dense(1, input_shape=(3,))])
      a.compile('adam', 'mse')
      a.fit(x, y)
      """)
    #expect(script.main == 0)
    #expect(script.models.map(\.variable) == ["a", "b"])
    #expect(script.index(of: "b") == 1)
    #expect(script.index(of: "sequential_1") == 1)
    #expect(script.index(of: "c") == nil)
  }

  @Test func aLoopOverUnknownsThatAddsLayersIsSkippedWithAWarning() async throws {
    let script = try await open(
      """
      model = Sequential([Dense(2, input_shape=(3,))])
      for n in open('sizes'):
          model.add(Dense(int(n)))
      """)
    #expect(table(script) == ["dense (None, 2) 8"])
    #expect(script.warnings.map(\.location.line) == [2])
  }
}

@Suite struct PythonHostileTests {
  @Test(arguments: [
    "while True: pass", "x = 10 ** 10 ** 10\nm = Sequential([Dense(x, input_shape=(2,))])",
    "x = [0] * 10 ** 9", "x = 'a' * 10 ** 10", "def f(): return f()\nf()",
    "x = []\nfor i in range(10 ** 9): x = [x, x]", "x = ()\nfor i in range(10 ** 6): x = (x,)",
    "x = iter([])\nfor i in range(10 ** 6): x = map(str, x)\nnext(x)",
    "f = lambda: 0\nfor i in range(10 ** 7): f = (lambda g: lambda: g)(f)",
    "x = [i for i in range(10 ** 9)]", "x = {}\nfor i in range(10 ** 9): x[i] = i",
    "x = 'ab'\nfor i in range(100): x = x + x", "class A(A): pass\nA()()",
    "m = Sequential([Input((3,))])\nfor i in range(10 ** 9): m.add(Dropout(0.1))",
    "x = '{:>1000000000}'.format(1)", "x = '%1000000000d' % 1",
    "def g():\n  yield from g()\nlist(g())",
    "x = [1]\nx.append(x)\ny = x == x.copy()\nprint(str(x), y, x in [[x]])",
    "class A:\n  def __getattr__(self, n): return getattr(self, n + 'a')\nA().x",
    "m = Sequential([Dense(3)])\nfor i in range(100): m = Sequential([m])",
    "m = Sequential([Input((2 ** 62, 2 ** 62)), Flatten()])",
    "import os; os.system('touch /tmp/x')",
    "x = Input((4194305, 4194305, 211106198978564))\nm = Model(x, Flatten()(x))",
  ])
  func isRefusedWithinBounds(script: String) async {
    await #expect(throws: ScriptError.self) {
      try await PythonScript(reading: Array(script.utf8), limits: limits)
    }
  }

  /// Fewer steps than a person has, for tests run unoptimised.
  private var limits: EvaluationLimits {
    var limits = EvaluationLimits()
    limits.steps = 400_000
    return limits
  }

  @Test func manySmallBrokenScriptsNeverTrap() async {
    let good = Array(
      """
      from keras.layers import *
      class A:
        def __init__(self, n=3): self.m = Sequential([LSTM(n, input_shape=(4, 5)), Dense(n // 2)])
      a = A()
      for i, (k, v) in enumerate({'a': 1}.items()): a.m.add(Dense(i + v, name=f'{k}{i:02d}'))
      x = Lambda(lambda t: t[:, 1:, ::2] + 1)(Input((8, 6)))
      model = Model(x._keras_history, x) if 0 else a.m
      """.utf8)
    for index in stride(from: 0, to: good.count, by: 7) {
      var broken = good
      broken[index] = UInt8(truncatingIfNeeded: Int(good[index]) &* 7 &+ index)
      _ = try? await PythonScript(reading: broken)
      _ = try? await PythonScript(reading: Array(good[..<index]))
    }
  }
}
