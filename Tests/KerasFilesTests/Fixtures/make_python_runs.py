"""Runs the snippets in python-runs.txt under real Python and NumPy and records what they print.

    python make_python_runs.py

Made with Python 3.11.7 and NumPy 2.4.6. A snippet begins with a line `### name`. What it prints,
and the last line of an exception that it does not catch, goes to python-runs.json, which
`PythonRunTests` compares with what our own evaluator prints.
"""

import json
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).parent
cases = []
for block in (here / "python-runs.txt").read_text().split("\n### ")[1:]:
    name, source = block.split("\n", 1)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source], capture_output=True, text=True,
        env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"})
    error = ""
    if done.returncode:
        error = done.stderr.strip().splitlines()[-1]
        print(f"{name}: {error}", file=sys.stderr)
    cases.append({"name": name, "source": source, "output": done.stdout, "error": error})
(here / "python-runs.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")
