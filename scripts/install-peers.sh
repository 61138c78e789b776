#!/bin/sh
# Installs the peers that the conformance tests compare the sandbox and the app with: AWS CLI and moto's server, from
# PyPI into .peers/venv. kubectl is looked for, not installed. Prints `export` lines for what there is:
#   eval "$(scripts/install-peers.sh)" && npm run conformance
# Always exits 0: a peer that cannot be had is reported here, and its tests are skipped by name.
set -u

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv="$home/.peers/venv"

say() { printf '%s\n' "$*" >&2; }

install_python_peers() {
  if ! command -v python3 >/dev/null 2>&1; then
    say "python3 is not there: no AWS CLI, no moto."
    return
  fi
  if [ ! -x "$venv/bin/python" ] && ! python3 -m venv "$venv" >&2; then
    say "python3 cannot make a virtual environment (on Debian: apt install python3-venv): no AWS CLI, no moto."
    rm -rf "$venv"
    return
  fi
  # One after the other: the one that can be had is used even when the other cannot.
  for package in awscli 'moto[server]'; do
    if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$package" >&2; then
      say "$package is installed in $venv."
    else
      say "pip could not install $package: is PyPI reachable?"
    fi
  done
}

# offer NAME VARIABLE COMMAND...: exports the first command that runs.
offer() {
  name=$1
  variable=$2
  shift 2
  for candidate in "$@"; do
    found=$(command -v "$candidate" 2>/dev/null) || continue
    # A shim of a version manager may be there without what it stands for.
    "$found" --version >/dev/null 2>&1 || "$found" --help >/dev/null 2>&1 || continue
    printf "export %s='%s'\n" "$variable" "$found"
    return
  done
  say "$name was not found: its conformance tests will be skipped."
}

install_python_peers
offer 'AWS CLI' PODID_TEST_AWS "$venv/bin/aws" aws
offer 'moto' PODID_TEST_MOTO "$venv/bin/moto_server" moto_server
offer 'kubectl' PODID_TEST_KUBECTL kubectl
exit 0
