#!/usr/bin/env bash
# The long proofs: thousands of interleavings of the blue/green model, the whole fuzz of templates, 2,000 job files in a minute, 20,000 in
# ten seconds; a rollback in a full account, whose time is compared; an engine that is killed 200 times under load, and one that has ended 100,000 executions.
# The conformance suite runs a sample of each, with the same seeds. Takes an hour on two slow cores; other seeds find other
# things: BCLAW_MODEL_SEED and BCLAW_SEED.
set -uo pipefail
cd "$(dirname "$0")/.."
export BCLAW_MODEL_RUNS="${BCLAW_MODEL_RUNS:-2000}" FUZZ_RUNS="${FUZZ_RUNS:-52000}" BCLAW_LOAD_JOBS="${BCLAW_LOAD_JOBS:-2000}" BCLAW_BURST_JOBS="${BCLAW_BURST_JOBS:-20000}"
export BCLAW_KILL_ROUNDS="${BCLAW_KILL_ROUNDS:-200}" BCLAW_SOAK_EXECUTIONS="${BCLAW_SOAK_EXECUTIONS:-100000}" BCLAW_SOAK_SECONDS="${BCLAW_SOAK_SECONDS:-1200}"
export BCLAW_OLD_ACCOUNT="${BCLAW_OLD_ACCOUNT:-whole}"
vitest=(npx vitest run --config conformance/vitest.config.ts)

# Load is measured by the clock: it runs alone, last.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${vitest[@]}" conformance/blue-green >"$log" 2>&1 &
model=$!
"${vitest[@]}" conformance/spec-fuzz
fuzz=$?
wait "$model"
interleavings=$?
cat "$log"
"${vitest[@]}" conformance/load conformance/operations/old-workflow.test.ts
load=$?
"${vitest[@]}" conformance/soak
engines=$?
# Everything once more with cases that no run has tried.
export BCLAW_SEED="${BCLAW_SEED:-$RANDOM}"
echo "=== npm test with BCLAW_SEED=$BCLAW_SEED"
npm test
seed=$?
[ "$seed" -eq 0 ] && [ "$fuzz" -eq 0 ] && [ "$interleavings" -eq 0 ] && [ "$load" -eq 0 ] && [ "$engines" -eq 0 ]
