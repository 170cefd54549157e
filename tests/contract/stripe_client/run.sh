#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs Stripe's official client against a fresh counterfoil-sandbox.
# usage: run.sh BINARY_DIR (the build tree, with bin/counterfoil-sandbox)
set -eu

[ $# -eq 1 ] || { echo "usage: $0 BINARY_DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
sandbox=$1/bin/counterfoil-sandbox
work=$1/contract_stripe_client

for program in node npm; do
  command -v "$program" >/dev/null || { echo "FAILED: $program is needed for this test and isn't installed" >&2; exit 1; }
done
[ -x "$sandbox" ] || { echo "FAILED: $sandbox isn't built" >&2; exit 1; }

mkdir -p "$work"
cp "$here/contract.test.js" "$work/"
# The copy of the lock file that npm last installed from tells whether node_modules is stale.
if ! cmp -s "$here/package-lock.json" "$work/installed-lock.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work/"
  (cd "$work" && npm ci) || { echo "FAILED: npm ci could not install the client" >&2; exit 1; }
  cp "$here/package-lock.json" "$work/installed-lock.json"
fi

ready=$work/ready.txt
rm -f "$ready"
mkfifo "$ready"
"$sandbox" --listen 127.0.0.1:0 >"$ready" &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -f "$ready"' EXIT INT TERM
read -r line <"$ready"
SANDBOX_URL=${line##* }
export SANDBOX_URL
cd "$work" && node --test contract.test.js
