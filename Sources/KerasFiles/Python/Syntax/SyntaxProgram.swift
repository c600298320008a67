extension PythonParser {
  /// The Python program that turns a script on standard input into JSON on standard output.
  ///
  /// It compiles the script to a syntax tree and never further, so nothing of it runs. A node is
  /// written as `["Kind", line, column, {fields}]` with both counted from 1 and the column in
  /// characters; a constant as `{"type": value}`. What cannot be parsed is written as
  /// `{"error": …, "line": …, "column": …}`.
  ///
  /// A pasted fragment may be indented: it is parsed again inside an `if`, which leaves every
  /// column true. If only its first line lost the indentation, that line gets it back first.
  static let program = #"""
    import sys
    try:
        from _json import encode_basestring_ascii as quote
    except ImportError:
        from json.encoder import py_encode_basestring_ascii as quote
    sys.setrecursionlimit(3000)
    data = sys.stdin.buffer.read()
    out = []
    shift = [0, 0]
    FLAGS = 0x400

    class Failure(Exception):
        pass

    def parse(source):
        return compile(source, '<script>', 'exec', FLAGS, True)

    def fragment():
        text = data.decode('utf-8-sig')
        text = text.replace('\r\n', '\n').replace('\r', '\n')
        lines = text.split('\n')
        code = [l for l in lines if l.strip() and not l.strip().startswith('#')]
        tree = None
        try:
            shift[0] = 1
            tree = parse('if 1:\n' + text)
        except SyntaxError:
            if len(code) < 2 or code[0][:1] in ' \t':
                raise
            margin = min(len(l) - len(l.lstrip(' ')) for l in code[1:])
            first = lines.index(code[0])
            lines[first] = ' ' * margin + lines[first]
            shift[:] = [1, margin, first + 2]
            text = '\n'.join(lines)
            tree = parse('if 1:\n' + text)
        if len(tree.body) != 1:
            raise SyntaxError('unexpected indent')
        return tree.body[0].body, text

    def load():
        try:
            return parse(data).body, None
        except IndentationError as error:
            try:
                return fragment()
            except (SyntaxError, UnicodeDecodeError):
                shift[:] = [0, 0]
                raise error

    body = None
    text = None
    rows = None

    def row(number):
        global rows
        if rows is None:
            source = ('if 1:\n' + text).encode('utf-8') if text is not None else data
            if text is None and source[:3] == b'\xef\xbb\xbf':
                source = source[3:]
            if text is None and not source.isascii():
                import io, tokenize
                name = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
                source = data.decode(name).encode('utf-8')
            source = source.replace(b'\r\n', b'\n').replace(b'\r', b'\n')
            rows = source.split(b'\n')
        return rows[number - 1] if 0 < number <= len(rows) else b''

    def place(node):
        number = getattr(node, 'lineno', 0)
        offset = getattr(node, 'col_offset', 0)
        if number and not data.isascii():
            offset = len(row(number)[:offset].decode('utf-8', 'replace'))
        if len(shift) > 2 and number == shift[2]:
            offset = max(0, offset - shift[1])
        return number - shift[0], offset + 1

    def constant(value):
        kind = type(value).__name__
        if value is None or value is Ellipsis:
            out.append('{"%s":1}' % kind)
        elif kind == 'bool':
            out.append('{"bool":%s}' % ('true' if value else 'false'))
        elif kind == 'int':
            if -2 ** 63 <= value < 2 ** 63:
                out.append('{"int":%d}' % value)
            else:
                out.append('{"big":"%s"}' % hex(value))
        elif kind == 'float':
            out.append('{"float":%s}' % quote(repr(value)))
        elif kind == 'complex':
            out.append('{"complex":%s}' % quote(repr(value)))
        elif kind == 'str':
            out.append('{"str":%s}' % quote(value))
        elif kind == 'bytes':
            out.append('{"bytes":"%s"}' % value.hex())
        else:
            raise Failure('a constant of type ' + kind)

    SKIPPED = {'ctx', 'kind', 'type_comment', 'type_ignores', 'type_params', 'annotation',
               'returns', 'simple'}

    def dump(value):
        if isinstance(value, list):
            out.append('[')
            for index, item in enumerate(value):
                if index:
                    out.append(',')
                dump(item)
            out.append(']')
            return
        if not hasattr(value, '_fields'):
            if value is None:
                out.append('null')
            elif isinstance(value, str):
                out.append(quote(value))
            else:
                out.append(str(int(value)))
            return
        name = type(value).__name__
        if name == 'Index':
            return dump(value.value)
        if not value._fields and not hasattr(value, 'lineno'):
            out.append('"' + name + '"')
            return
        line, column = place(value)
        out.append('["%s",%d,%d,{' % (name, line, column))
        first = True
        for field in value._fields:
            if field in SKIPPED:
                continue
            if not first:
                out.append(',')
            first = False
            out.append('"' + field + '":')
            item = getattr(value, field, None)
            if name == 'Constant' and field == 'value':
                constant(item)
            elif name == 'MatchSingleton':
                constant(item)
            else:
                dump(item)
        out.append('}]')

    try:
        try:
            body, text = load()
            dump(body)
        except SyntaxError as error:
            line = (error.lineno or 1) - shift[0]
            column = error.offset or 1
            raise Failure(str(error.msg), line, max(1, column))
        except (RecursionError, MemoryError):
            raise Failure('the script is nested too deeply')
        except (ValueError, UnicodeError, OverflowError) as error:
            raise Failure(str(error))
    except Failure as error:
        parts = list(error.args) + [1, 1]
        out = ['{"error":%s,"line":%d,"column":%d}' % (quote(parts[0]), parts[1], parts[2])]
    sys.stdout.write(''.join(out))
    """#
}
