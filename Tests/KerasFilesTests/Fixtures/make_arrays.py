"""Writes arrays.json: NumPy files of every kind that is read or refused, as hexadecimal text.

Run with any NumPy: python make_arrays.py --out arrays.json
"""

import argparse
import io
import json
import warnings
import zipfile

import numpy


def npy(array, version=None, pickled=False):
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, numpy.asanyarray(array), version, allow_pickle=pickled)
    return buffer.getvalue()


def entry(name, data, array):
    array = numpy.asarray(array)
    values = [None if numpy.isnan(v) else float(v) for v in array.astype("float64").ravel()]
    return {"name": name, "hex": data.hex(), "shape": list(array.shape), "values": values}


def good():
    for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        for order in "<>":
            kind = numpy.dtype(order + code)
            array = numpy.arange(6).reshape(2, 3).astype(kind)
            if code[0] == "i":
                array = array - 3
            if code[0] == "f":
                array = (array / 4 - 1).astype(kind)
            yield entry(f"{order}{code}", npy(array.astype(kind)), array)
    yield entry("bool", npy(numpy.array([True, False, True])), [1, 0, 1])
    half = numpy.array([0.0, -0.0, 6e-8, 6.1e-5, 1.0, 65504, numpy.nan], "<f2")
    yield entry("half", npy(half), half)
    cube = numpy.arange(24, dtype="f4").reshape(2, 3, 4)
    yield entry("fortran", npy(numpy.asfortranarray(cube)), cube)
    yield entry("fortran-big", npy(numpy.asfortranarray(cube.astype(">i2"))), cube)
    yield entry("fortran-1d", npy(numpy.arange(3.0)), numpy.arange(3.0))
    for version in [(1, 0), (2, 0), (3, 0)]:
        yield entry(f"version-{version[0]}", npy(cube, version), cube)
    yield entry("0d", npy(numpy.float32(2.5)), numpy.float32(2.5))
    deep = numpy.arange(2, dtype="f4").reshape([1] * 31 + [2])
    yield entry("32d", npy(deep), deep)
    yield entry("empty", npy(numpy.zeros((0, 3), "f4")), numpy.zeros((0, 3)))


def bad():
    whole = npy(numpy.arange(6, dtype="<f4").reshape(2, 3))
    yield "object", npy(numpy.array([1, None], dtype=object), pickled=True), "objects"
    yield "record", npy(numpy.zeros(2, dtype=[("a", "f4"), ("b", "i4")])), "fields"
    yield "bytes", npy(numpy.array([b"ab"])), "text"
    yield "text", npy(numpy.array(["ab"])), "text"
    yield "time", npy(numpy.array(["2020-01-01"], "M8[D]")), "times"
    yield "complex", npy(numpy.array([1j])), "complex"
    yield "longdouble", npy(numpy.zeros(1, numpy.longdouble)), "float"
    yield "raw", npy(numpy.zeros(1, "V2")), "raw bytes"
    yield "short", whole[:-1], "cut short"
    yield "long", whole + b"\0", "behind its array"
    yield "header only", whole[:40], "cut short"
    yield "nothing", b"", "empty"
    yield "pickle", b"\x80\x04N.", "pickle"
    yield "zip", b"PK\x03\x04", ".npz"
    yield "text file", b"1,2,3\n", "NUMPY"
    yield "version", whole.replace(b"NUMPY\x01", b"NUMPY\x09"), "version 9.0"
    yield "header longer", whole.replace(b"NUMPY\x01\0\x76\0", b"NUMPY\x01\0\x76\x70"), "cut short"
    yield "header shorter", whole.replace(b"NUMPY\x01\0\x76\0", b"NUMPY\x01\0\x20\0"), "damaged"
    shapes = {
        "(9999999999, 9999999999)": "any file",
        "(2, -3)": "whole number",
        "(2.5,)": "comma",
        "[": "readable",
        "(2, 3": "readable",
        "6": "expected descr",
        "None": "expected descr",
    }
    for shape, word in shapes.items():
        text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117)
        header = b"\x93NUMPY\x01\0" + (118).to_bytes(2, "little")
        yield f"shape {shape}", header + text.encode() + b"\n" + whole[128:], word
    huge = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**40},), }}".ljust(117)
    yield "shape 2^40", whole[:10] + huge.encode() + b"\n" + whole[128:], "cut short"
    code = "{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').times()}"
    yield "code", whole[:10] + code.ljust(117).encode() + b"\n" + whole[128:], "damaged"


def archives():
    a, b = numpy.arange(3.0), numpy.ones((2, 2), "i4")
    for name, save in [("stored", numpy.savez), ("deflated", numpy.savez_compressed)]:
        buffer = io.BytesIO()
        save(buffer, a=a, **{"in/b": b})
        yield {
            "name": name,
            "hex": buffer.getvalue().hex(),
            "arrays": [entry("a", b"", a), entry("in/b", b"", b)],
        }


def archive(members, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


def bad_archives():
    one = npy(numpy.arange(3, dtype="f4"))
    whole = archive([("a.npy", one)])
    yield "truncated", whole[:-30], "zip"
    yield "no zip", b"hello", "no zip"
    yield "empty", archive([]), "no arrays"
    yield "no arrays", archive([("readme.txt", b"hi")]), "no arrays"
    yield "twice", archive([("a.npy", one), ("a.npy", one)]), "two members"
    yield "outside", archive([("../a.npy", one)]), "../a.npy"
    yield "absolute", archive([("/tmp/a.npy", one)]), "/tmp/a.npy"
    yield "bzip2", archive([("a.npy", one)], zipfile.ZIP_BZIP2), "method 12"
    yield "checksum", whole.replace(one[-4:], b"\0\0\0\1"), "checksum"
    yield "bomb", archive([("a.npy", bytes(4 << 20))], zipfile.ZIP_DEFLATED), "bytes"
    yield "object", archive([("a.npy", npy(numpy.array([None]), pickled=True))]), "objects"
    # The central directory says more bytes than the member's few can unpack to.
    packed = archive([("a.npy", one)], zipfile.ZIP_DEFLATED)
    place = packed.index(b"PK\1\2")
    size = (1 << 30).to_bytes(4, "little")
    yield "size", packed[: place + 24] + size + packed[place + 28 :], "more than its"
    flags = bytearray(whole)
    flags[6] |= 1
    flags[whole.index(b"PK\1\2") + 8] |= 1
    yield "encrypted", bytes(flags), "encrypted"
    # Two entries of the directory for the same bytes.
    entry_bytes = whole[whole.index(b"PK\1\2") : whole.index(b"PK\5\6")]
    end = bytearray(whole[whole.index(b"PK\5\6") :])
    end[8:12] = b"\2\0\2\0"
    end[12:16] = (2 * len(entry_bytes)).to_bytes(4, "little")
    other = entry_bytes.replace(b"a.npy", b"b.npy")
    start = whole[: whole.index(b"PK\1\2")]
    yield "overlapping", start + entry_bytes + other + bytes(end), "overlap"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    refused = lambda cases: [{"name": n, "hex": d.hex(), "words": w} for n, d, w in cases]
    groups = {
        "numpy": numpy.__version__,
        "good": list(good()),
        "bad": refused(bad()),
        "archives": list(archives()),
        "bad_archives": refused(bad_archives()),
    }
    lines = []
    for key, value in groups.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row) for row in value)
            lines.append(f'"{key}": [\n{rows}\n]')
        else:
            lines.append(f'"{key}": {json.dumps(value)}')
    with open(out, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


warnings.simplefilter("ignore")  # zipfile warns of names that are there twice on purpose
main()
