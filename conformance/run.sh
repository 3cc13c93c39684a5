#!/usr/bin/env bash
# Runs the conformance suite in two halves side by side, each with a core: what needs containers, browsers, linters and emulators
# of others, which share one podman and so take turns; and all else. What the second prints comes last.
set -uo pipefail
cd "$(dirname "$0")/.."

vitest=(npx vitest run --config conformance/vitest.config.ts)
outside=(compiler editor engine-containers graph registry runner-docker runner-faults third-party variant-calling)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Before either half: both would build.
node tools/build-all.mjs || exit 1

exclude=("${outside[@]/#/--exclude=conformance/}")
"${vitest[@]}" "${exclude[@]/%//**}" "${exclude[@]/%/.test.ts}" >"$log" 2>&1 &
beside=$!
"${vitest[@]}" "${outside[@]/#/conformance/}"
containers=$?
wait "$beside"
rest=$?
cat "$log"
[ "$containers" -eq 0 ] && [ "$rest" -eq 0 ]
