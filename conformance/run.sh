#!/usr/bin/env bash
# Runs the conformance suite. The interleavings of the blue/green model take as long as half of everything else and little
# memory, so they run beside it, each with a core; what they print comes last.
set -uo pipefail
cd "$(dirname "$0")/.."

vitest=(npx vitest run --config conformance/vitest.config.ts)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"${vitest[@]}" conformance/blue-green >"$log" 2>&1 &
interleavings=$!
"${vitest[@]}" --exclude 'conformance/blue-green/**'
rest=$?
wait "$interleavings"
model=$?
cat "$log"
[ "$rest" -eq 0 ] && [ "$model" -eq 0 ]
