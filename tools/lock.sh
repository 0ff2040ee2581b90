#!/usr/bin/env bash
# Writes requirements.lock and requirements-nohash.lock from pyproject.toml. Needs uv. Neither file names a host.
set -euo pipefail
cd "$(dirname "$0")/.."
uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-strip-extras --custom-compile-command "bash tools/lock.sh" --output-file requirements.lock --quiet "$@"
grep -vE '^\s+--hash' requirements.lock | sed 's/ \\$//' > requirements-nohash.lock
