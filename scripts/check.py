#!/usr/bin/env python3
"""Lint, format, types and tests: the one command for everybody. Exit code 0 when all is well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["pytest", *sys.argv[1:]]]


def main() -> int:
    failed = []
    for step in STEPS:
        print(f"--- {' '.join(step)}", flush=True)
        if subprocess.run([sys.executable, "-m", *step], cwd=ROOT).returncode:
            failed.append(step[0])
    print(f"--- failed: {', '.join(failed)}" if failed else "--- all well", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
