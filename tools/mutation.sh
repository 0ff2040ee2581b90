#!/usr/bin/env bash
# How many small faults in the reader and the ledger do the tests notice? In an environment of its own; about 20 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
VENV=.venv-mutation
test -x $VENV/bin/python || "${PYTHON:-python3}" -m venv $VENV
$VENV/bin/python -m pip --disable-pip-version-check install --quiet -r requirements-nohash.lock mutmut==3.8.1
$VENV/bin/python -m tests.mutation "$@"
