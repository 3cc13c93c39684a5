#!/usr/bin/env bash
# Runs the conformance suite. The interleavings of the blue/green model and the fuzz of templates take as long as all else,
# little memory and nothing but their own processes, so they run beside it, each with a core; what they print comes last.
set -uo pipefail
cd "$(dirname "$0")/.."

vitest=(npx vitest run --config conformance/vitest.config.ts)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"${vitest[@]}" conformance/blue-green conformance/spec-fuzz >"$log" 2>&1 &
beside=$!
"${vitest[@]}" --exclude 'conformance/blue-green/**' --exclude 'conformance/spec-fuzz/**'
rest=$?
wait "$beside"
random=$?
cat "$log"
[ "$rest" -eq 0 ] && [ "$random" -eq 0 ]
