import Neural
import Testing

@testable import KerasFiles

/// What `result` is after a script, as Python writes it.
private func result(of script: String) async throws -> String {
  let tree = try await PythonParser().tree(of: Array(script.utf8))
  return try await PythonScript.onLargeStack { () throws(ScriptError) -> String in
    let statements = try SyntaxDecoder.statements(from: tree)
    let evaluator = Evaluator()
    defer { evaluator.release() }
    do {
      _ = try evaluator.run(statements)
    } catch Interruption.raised(let raised) {
      return "\(raised.exception.type.name): \(raised.error.message)"
    } catch {
      return "\(error)"
    }
    return evaluator.representation(of: evaluator.globals.variables["result"] ?? .none)
  }
}

@Suite struct PythonLanguageTests {
  @Test(arguments: [
    (
      "result = [7 // 2, -7 // 2, 7 % -3, -7 % 3, 2 ** 10, 2 ** -1, 7 / 2]",
      "[3, -4, -2, 2, 1024, 0.5, 3.5]"
    ),
    ("result = 1 < 2 < 3, 1 < 3 < 2, not 0, 0 or 'a', 1 and ''", "(True, False, True, 'a', '')"),
    ("a, *b, c = range(5)\nresult = a, b, c", "(0, [1, 2, 3], 4)"),
    ("(a, b), [c] = (1, 2), [3]\nresult = [a, b, c]", "[1, 2, 3]"),
    ("x = [1]\ny = x\ny += [2]\nresult = x", "[1, 2]"),
    ("result = [x * y for x in range(3) if x for y in (1, 2)]", "[1, 2, 2, 4]"),
    ("result = {k: v for k, v in zip('ab', [1, 2])}, {1, 2, 1}", "({'a': 1, 'b': 2}, {1, 2})"),
    ("result = 'abc'[::-1], [1, 2, 3][-2:], (1, 2, 3)[1], 'é日'[1]", "('cba', [2, 3], 2, '日')"),
    (
      "r = range(0, 10, 3)\nresult = r[1:3], range(9)[::-1], range(9)[5:5], range(9)[3:4:50]",
      "(range(3, 9, 3), range(8, -1, -1), range(5, 5), range(3, 4, 50))"
    ),
    (
      "result = range(0, 2 ** 62, 2 ** 40)[::2 ** 40]",
      "OverflowError: a slice of this range is larger than 64 bits hold"
    ),
    (
      "def f(a, b=2, *c, d, e=5, **g):\n  return a, b, c, d, e, g\nresult = f(1, d=4, h=8)",
      "(1, 2, (), 4, 5, {'h': 8})"
    ),
    (
      "def f():\n  n = 0\n  def g():\n    nonlocal n\n    n += 1\n    return n\n  return g\nh = f()\nh()\nresult = h()",
      "2"
    ),
    ("result = (lambda *a, k=3: (a, k))(1, 2)", "((1, 2), 3)"),
    (
      "class A:\n  x = 1\n  def __init__(self, y): self.y = y\n  @property\n  def z(self): return self.x + self.y\n"
        + "class B(A):\n  def __init__(self): super().__init__(5)\nresult = B().z, B.x, isinstance(B(), A)",
      "(6, 1, True)"
    ),
    (
      "try:\n  1 / 0\nexcept ZeroDivisionError as e:\n  result = str(e)\nfinally:\n  pass",
      "'division by zero'"
    ),
    ("try:\n  {}['a']\nexcept (IndexError, KeyError):\n  result = 1\nelse:\n  result = 2", "1"),
    ("try:\n  unicode\nexcept NameError:\n  result = 'py3'", "'py3'"),
    (
      "result = []\nfor i in range(9):\n  if i == 2: continue\n  if i == 4: break\n  result.append(i)\nelse:\n  result = 0",
      "[0, 1, 3]"
    ),
    ("i = 0\nwhile i < 3: i += 1\nelse: i = 9\nresult = i", "9"),
    ("def g():\n  yield 1\n  yield from [2, 3]\nresult = list(g())", "[1, 2, 3]"),
    (
      "def g():\n  n = 0\n  while True:\n    yield n\n    n += 1\nresult = [x for x, _ in zip(g(), range(3))]",
      "[0, 1, 2]"
    ),
    ("if (n := 5) > 3: result = n", "5"),
    (
      "match {'a': [1, 2]}:\n  case {'a': [x, *y]} if x: result = x, y\n  case _: result = 0",
      "(1, [2])"
    ),
    (
      "result = f'{3.14159:.2f}|{5:03d}|{\"a\":>3}|{1000000:,}|{0.5:%}|{[1]!r}'",
      "'3.14|005|  a|1,000,000|50.000000%|[1]'"
    ),
    ("result = '%s_%03d %.1f%%' % ('a', 7, 2.55)", "'a_007 2.5%'"),
    ("result = '{}-{1}-{x:>4}'.replace('{}', '{0}').format(1, 2, x=3)", "'1-2-   3'"),
    (
      "result = ' a,b '.strip().split(','), '-'.join(['x', 'y']), 'ab'.upper(), 'abc'.startswith(('x', 'a'))",
      "(['a', 'b'], 'x-y', 'AB', True)"
    ),
    (
      "result = sorted([3, 1, 2], key=lambda x: -x), max(1, 5), min([4, 2]), sum([1, 2], 10)",
      "([3, 2, 1], 5, 2, 13)"
    ),
    (
      "result = list(enumerate('ab', 1)), list(map(str, [1])), list(reversed([1, 2])), any([0, 1]), all([])",
      "([(1, 'a'), (2, 'b')], ['1'], [2, 1], True, True)"
    ),
    (
      "result = int('12'), float('1.5'), round(2.5), round(2.675, 2), divmod(7, 3), abs(-3)",
      "(12, 1.5, 2, 2.67, (2, 1), 3)"
    ),
    ("import math\nresult = math.ceil(2.1), math.sqrt(16), math.prod([2, 3])", "(3, 4.0, 6)"),
    (
      "d = {}\nd.setdefault('a', []).append(1)\nd.update(b=2)\nresult = d, d.get('c', 3), d.pop('b')",
      "({'a': [1]}, 3, 2)"
    ),
    (
      "from collections import defaultdict, namedtuple\nd = defaultdict(int)\nd['x'] += 2\nP = namedtuple('P', 'a b')\nresult = d['x'], P(1, 2).b",
      "(2, 2)"
    ),
    (
      "import functools\nresult = functools.reduce(lambda a, b: a * b, [1, 2, 3]), functools.partial(max, 3)(2)",
      "(6, 3)"
    ),
    (
      "import numpy as np\nresult = np.zeros((4, 5, 6)).reshape(4, -1).shape, np.arange(0, 10, 3).shape",
      "((4, 30), (4,))"
    ),
    (
      "import numpy as np\na = np.ones((10, 3))\nresult = a[2:8].shape, a[:, None].shape, a.T.shape, len(a), a[..., 0].shape",
      "((6, 3), (10, 1, 3), (3, 10), 10, (10,))"
    ),
    (
      "import numpy as np\na = np.concatenate([np.ones((2, 3)), np.ones((4, 3))])\nresult = a.shape, np.stack([a, a]).shape, np.expand_dims(a, -1).shape",
      "((6, 3), (2, 6, 3), (6, 3, 1))"
    ),
    (
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n-units', type=int, default='8')\np.add_argument('-v', action='store_true')\na = p.parse_args()\nresult = a.n_units, a.v",
      "(8, False)"
    ),
    (
      "import os\nresult = os.path.join('a', 'b'), os.environ.get('X', 'y'), __name__",
      "('a/b', 'y', '__main__')"
    ),
    (
      "from keras.datasets import cifar10\n(a, b), (c, d) = cifar10.load_data()\nresult = a.shape, b.shape, d.shape",
      "((50000, 32, 32, 3), (50000, 1), (10000, 1))"
    ),
    (
      "from keras.utils import to_categorical, pad_sequences\nfrom keras.datasets import imdb\n(x, y), _ = imdb.load_data()\nresult = pad_sequences(x, maxlen=80).shape, to_categorical(y, 2).shape",
      "((25000, 80), (25000, 2))"
    ),
    ("x = [1, 2]\nx[0:1] = [7, 8]\ndel x[-1]\nresult = x", "[7, 8]"),
    ("result = 'a' in 'abc', 3 in [1], None is None, 1 is not None", "(True, False, True, True)"),
    ("@staticmethod\ndef f(): return 1\nresult = 1 if True else 2", "1"),
    ("with open('x') as f:\n  y = f.read()\nresult = 3", "3"),
    ("x = 9223372036854775807\nresult = x - 1", "9223372036854775806"),
    ("result = [1, 2][5]", "IndexError: list index out of range"),
    ("def f(a): pass\nf(b=1)", "TypeError: f() has no argument 'b'"),
    ("raise ValueError('no %d' % 3)", "ValueError: no 3"),
  ])
  func evaluates(script: String, expected: String) async throws {
    #expect(try await result(of: script) == expected)
  }

  @Test(arguments: [
    "result = len(open('x').read())", "n = 0\nfor line in open('x'): n += 1\nresult = n",
    "import os\nresult = 5\nif os.path.exists('x'): result = 7",
    "import pickle\nx = []\nfor a in pickle.load(1): x.append(a)\nresult = len(x)",
    "result = 10 ** 10 ** 10", "import sklearn\nresult = sklearn.a(1)[2].b + 3",
    "import random\nresult = random.randint(1, 2)", "result = missing + 1",
    "import os\ndef f():\n  if os.path.exists('x'): return 1\n  return 2\nresult = f()",
    "import random\nn = 0\nwhile True:\n  n += 1\n  if random.random() > 0.5: break\nresult = n",
    "import numpy as np\nresult = np.max(np.zeros(3))", "result = [x for x in input()]",
  ])
  func whatDependsOnDataIsUnknown(script: String) async throws {
    #expect(try await result(of: script) == "<unknown>")
  }
}
