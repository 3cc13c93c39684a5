// Measures the duration of a rollback: `bclaw rollback` as a whole process, and from its start until a job that is
// submitted right after its end runs on the old version. Uses the embedded engine, to exclude the network: on AWS, the
// number of calls and of sequential calls determines the additional time. `node bench/rollback.mjs [times]`: the median
// of 9 runs by default. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bclaw, environment, folder, removeFolder, run } from './folder.mjs';
import { signed } from './signed.mjs';

const times = Number(process.argv[2] ?? 9);
/** From the command to the first job on the old version, in milliseconds. */
const allowed = 1000;
const versions = 5;

/** A workflow of ten steps, each with a job definition that a rollback checks. */
const template = (release) => `Transform: BC2_Compiler
Repository: s3://bench-data/\${job.id}
Options: {versioned: true}
Steps:
  - skip: {choices: [{if: 'job.id == ""', next: step0}]}
  - done: {Type: Succeed}
${Array.from({ length: 10 }, (_, n) => `  - step${n}: {image: 'debian:12.${release}', inputs: {}, commands: 'true'}\n`).join('')}`;

/** Runs `bclaw rollback`; returns its wall time and CPU from the shell's `time`, in milliseconds. */
function rollback(...words) {
  const program = `TIMEFORMAT='%R %U %S'; time "$0" "$@"`;
  const began = Date.now();
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', program, process.execPath, bclaw, 'rollback', 'bench', ...words],
    {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  const [wall, user, system] = stderr
    .trimEnd()
    .split('\n')
    .at(-1)
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { began, wall, cpu: user + system };
}

const median = (values) => Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]);

async function main() {
  run('local', 'start', '--detach', '--port', '0');
  const { url } = JSON.parse(run('local', 'status', '--json'));
  const states = async (operation, body) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/states/aws4_request',
        'x-amz-target': `AWSStepFunctions.${operation}`,
      },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  /** Number of calls of each operation so far, once the calls of the last job have ended. */
  const calls = async () => {
    let [last, now] = ['', ''];
    do {
      last = now;
      await delay(200);
      now = await (await fetch(`${url}/_bclaw/calls`)).text();
    } while (now !== last);
    return JSON.parse(now);
  };
  await fetch(`${url}/bench-data`, { method: 'PUT', headers: signed });
  for (let version = 1; version <= versions; version += 1) {
    writeFileSync(join(folder, 'w.yaml'), template(version));
    run('deploy', 'w.yaml', '--name', 'bench');
  }

  /** The start time of a newly submitted job on a version, from Step Functions. */
  const startOf = async (name, version) => {
    const body = JSON.stringify({ id: name });
    await fetch(`${url}/bayerclaw2-launcher-123456789012/bench/${name}.json`, { method: 'PUT', headers: signed, body });
    const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:bench--${version}`;
    for (;;) {
      const { executions } = await states('ListExecutions', { stateMachineArn });
      const found = executions.find((execution) => execution.name.startsWith(`${name}_`));
      if (found !== undefined) return found.startDate * 1000;
      await delay(5);
    }
  };

  // A version's first job starts its function, as on AWS; a second series excludes that.
  const series = { cold: [], warm: [] };
  let used;
  for (let round = 0; round < times + versions - 1; round += 1) {
    const kind = round < versions - 1 ? 'cold' : 'warm';
    const to = kind === 'cold' ? versions - 1 - round : 2 - ((round - versions + 1) % 2);
    const before = await calls();
    const measured = rollback(...(kind === 'cold' ? [] : ['--to', String(to)]));
    const after = await (await fetch(`${url}/_bclaw/calls`)).json();
    used = Object.entries(after).flatMap(([name, count]) =>
      count > (before[name] ?? 0) ? [`${name} × ${count - (before[name] ?? 0)}`] : [],
    );
    const started = await startOf(`${kind}${round}`, to);
    series[kind].push({ ...measured, until: started - measured.began });
  }
  const figures = ({ wall, cpu, until }) => ({
    'bclaw rollback, wall (ms)': wall,
    'its CPU (ms)': cpu,
    'until the job runs on the old version (ms)': until,
  });
  const medians = Object.fromEntries(
    Object.entries(series).map(([kind, rounds]) => [
      kind === 'cold' ? 'old version not invoked before' : 'old version invoked before',
      {
        times: rounds.length,
        ...figures(
          Object.fromEntries(['wall', 'cpu', 'until'].map((key) => [key, median(rounds.map((round) => round[key]))])),
        ),
      },
    ]),
  );
  console.log(JSON.stringify({ versions, 'steps of each': 10, ...medians, 'calls of one rollback': used }, null, 2));
  const slowest = Math.max(...Object.values(medians).map((row) => row['until the job runs on the old version (ms)']));
  if (slowest > allowed) throw new Error(`${slowest} ms until a job runs on the old version: more than ${allowed}.`);
}

try {
  await main();
} finally {
  run('local', 'stop');
  removeFolder();
}
