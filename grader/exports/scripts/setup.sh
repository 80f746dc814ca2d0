#!/usr/bin/env bash
# Gradescope runs this once, as root, when the image is built.
set -euo pipefail
AUTOGRADER="${AUTOGRADER:-/autograder}"

new_enough() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  for name in python3.13 python3.12 python3.11 python3; do
    if new_enough "$name"; then echo "$name"; return; fi
  done
}

python="$(find_python)"
if [ -z "$python" ]; then
  apt-get update -qq
  apt-get install -y -qq python3-venv || true
  apt-get install -y -qq python3.12 python3.12-venv || apt-get install -y -qq python3.11 python3.11-venv
  python="$(find_python)"
fi
"${python:?Python 3.11 or newer is needed; choose a newer base image}" -m venv "$AUTOGRADER/venv"
"$AUTOGRADER/venv/bin/python" -m pip install --quiet --constraint "$AUTOGRADER/source/constraints.txt" \
  --requirement "$AUTOGRADER/source/requirements.txt"
