// Compares bclaw with Snakemake (whole runs) and moto (the engine's requests), all in one run on one machine: only the
// ratios count. Installs both into a virtual environment of Python (PEERS_VENV, default one that is removed again).
// Needs `npm run build` and python3 3.11 or later; `node bench/peers.mjs [branches of the scatter, 200 by default]`.
// PEERS_ROUNDS: rounds of each run, of which the best counts (default 3; each takes some two minutes).
// Exit code 1 when a ratio misses its goal.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { bclaw, environment, folder, removeFolder, run } from './folder.mjs';

// bclaw supports Node.js 20 still; the AWS SDK's announcement is no result.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const root = new URL('..', import.meta.url).pathname;
const require = createRequire(join(root, 'packages/local/package.json'));
const { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand } =
  require('@aws-sdk/client-sfn');

const branches = Number(process.argv[2] ?? 200);
const rounds = Number(process.env.PEERS_ROUNDS ?? 3);
const venv = process.env.PEERS_VENV ?? join(folder, 'venv');
/** Newest releases when this was written. */
const peers = ['snakemake==9.27.1', 'moto[server,stepfunctions]==5.2.5'];

function installPeers() {
  if (existsSync(join(venv, 'bin/snakemake')) && existsSync(join(venv, 'bin/moto_server'))) return;
  execFileSync('python3', ['-m', 'venv', venv]);
  execFileSync(join(venv, 'bin/pip'), ['install', '--quiet', ...peers], { stdio: ['ignore', 'ignore', 'inherit'] });
}

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a command to its end: seconds of wall time and of CPU, its children's included. */
function measured(words, cwd) {
  const script = `TIMEFORMAT='%R %U %S'; time ${words.map(quoted).join(' ')} > output.log 2>&1`;
  // The shell reports the times on its standard error, and ends with the command's exit code.
  const times = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { cwd, env: environment, encoding: 'utf8' });
  const [wall, user, system] = times.trim().split(' ').map(Number);
  return { wall, cpu: user + system };
}

/** The minimum of several rounds: the slower ones include the load of other programs on this machine. */
function best(work) {
  const results = Array.from({ length: rounds }, work);
  return {
    wall: Math.min(...results.map(({ wall }) => wall)),
    cpu: Math.min(...results.map(({ cpu }) => cpu)),
  };
}

function subfolder(name, files) {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

const header = 'Transform: BC2_Compiler\nRepository: s3://bench/${job.id}\nSteps:\n';

function bclawRun(name, steps, job) {
  const path = subfolder(`bclaw-${name}`, { 'w.yaml': header + steps, 'job.json': JSON.stringify(job) });
  return measured([process.execPath, bclaw, 'run', 'w.yaml', '--job', 'job.json', '--out', 'out'], path);
}

function snakemakeRun(name, snakefile, outputs) {
  const path = subfolder(`snakemake-${name}`, { Snakefile: snakefile });
  for (const left of [...outputs, '.snakemake']) rmSync(join(path, left), { recursive: true, force: true });
  return measured([join(venv, 'bin/snakemake'), '-q', 'all', '--cores', 'all'], path);
}

const scatterSteps = `  - branches:
      scatter: {n: '\${job.numbers}'}
      steps:
        - one:
            image: busybox
            inputs: {}
            commands: ['echo \${scatter.n} > out.txt']
            outputs: {o: out.txt}
`;
const scatterRules = `rule all:
    input: expand("out/{n}.txt", n=range(${branches}))
rule one:
    output: "out/{n}.txt"
    shell: "echo {wildcards.n} > {output}"
`;
const twoSteps = `  - first: {image: busybox, inputs: {}, commands: ['echo hello > hello.txt'], outputs: {hello: hello.txt}}
  - second: {image: busybox, inputs: {hello: hello.txt}, commands: ['tr a-z A-Z < \${hello} > loud.txt'], outputs: {loud: loud.txt}}
`;
const twoRules = `rule all:
    input: "loud.txt"
rule first:
    output: "hello.txt"
    shell: "echo hello > {output}"
rule second:
    input: "hello.txt"
    output: "loud.txt"
    shell: "tr a-z A-Z < {input} > {output}"
`;

const role = 'arn:aws:iam::123456789012:role/bench';
const states = (first, all) => JSON.stringify({ StartAt: first, States: all });

/** Counts down in a loop of two states. */
const loop = states('More', {
  More: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 0, Next: 'Less' }], Default: 'Done' },
  Less: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, -1)' }, Next: 'More' },
  Done: { Type: 'Succeed' },
});
const map = states('Each', {
  Each: {
    Type: 'Map',
    ItemsPath: '$.items',
    ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } },
    End: true,
  },
});

/** Seconds from the start of an execution to its end; Step Functions allows 25,000 events in one. */
async function executionSeconds(client, name, definition, input) {
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({ name: `${name}-${Date.now()}`, definition, roleArn: role }),
  );
  const started = performance.now();
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  for (;;) {
    const { status, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return (performance.now() - started) / 1000;
    if (status !== 'RUNNING') throw new Error(`${name} ended as ${status}: ${cause}`);
    await delay(5);
  }
}

/** Transitions and items of a Map a second, the best of several rounds. */
async function rates(url, transitions, items) {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new SFNClient({ endpoint: url, region: 'us-east-1', credentials });
  const result = { transitions: 0, items: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const looped = await executionSeconds(client, `loop-${round}`, loop, { n: transitions / 2 });
    const mapped = await executionSeconds(client, `map-${round}`, map, {
      items: Array.from({ length: items }, (_, index) => index),
    });
    result.transitions = Math.max(result.transitions, transitions / looped);
    result.items = Math.max(result.items, items / mapped);
  }
  client.destroy();
  return result;
}

/** Resident memory of a process and its children, in MB. */
function residentMB(pid) {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + residentMB(child), own);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function measureMoto() {
  const port = await freePort();
  const child = spawn(join(venv, 'bin/moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  try {
    while (
      !(await fetch(url).then(
        () => true,
        () => false,
      ))
    )
      await delay(50);
    // Without this, moto's executions end without running their states.
    const stepfunctions = { execute_state_machine: true };
    await fetch(`${url}/moto-api/config`, { method: 'POST', body: JSON.stringify({ stepfunctions }) });
    await delay(3000);
    const idle = residentMB(child.pid);
    return { idle, ...(await rates(url, 400, 400)) };
  } finally {
    child.kill('SIGKILL');
  }
}

async function measureEngine() {
  run('local', 'start', '--detach', '--port', '0');
  try {
    const { url, pid } = JSON.parse(readFileSync(join(folder, '.bclaw/engine.json'), 'utf8'));
    await delay(15_000);
    const idle = residentMB(pid);
    return { idle, ...(await rates(url, 10_000, 5_000)) };
  } finally {
    run('local', 'stop');
  }
}

const rows = [];
/** @param atMost true when the ratio must not exceed the goal, false when it must reach it */
function row(what, own, peer, goal, atMost, unit) {
  const ratio = own / peer;
  console.error(`${what}: ${own.toFixed(2)} and ${peer.toFixed(2)} ${unit}`);
  rows.push({ what, own, peer, ratio, goal, met: atMost ? ratio <= goal : ratio >= goal, atMost, unit });
}

try {
  installPeers();
  const numbers = Array.from({ length: branches }, (_, index) => String(index));
  const ours = best(() => bclawRun('scatter', scatterSteps, { id: 'a', numbers }));
  const produced = readdirSync(join(folder, 'bclaw-scatter/out/branches')).filter((name) => /^\d+$/.test(name)).length;
  if (produced !== branches) throw new Error(`bclaw made ${produced} outputs, not ${branches}.`);
  const theirs = best(() => snakemakeRun('scatter', scatterRules, ['out']));
  row(`scatter of ${branches}, wall`, ours.wall, theirs.wall, 0.5, true, 's');
  row(`scatter of ${branches}, CPU`, ours.cpu, theirs.cpu, 0.5, true, 's');

  const two = best(() => bclawRun('two', twoSteps, { id: 'a' }));
  const twoOfThem = best(() => snakemakeRun('two', twoRules, ['hello.txt', 'loud.txt']));
  row('two steps, wall', two.wall, twoOfThem.wall, 1, true, 's');
  row('two steps, CPU', two.cpu, twoOfThem.cpu, 1, true, 's');

  const engine = await measureEngine();
  const moto = await measureMoto();
  row('state transitions a second', engine.transitions, moto.transitions, 20, false, '/s');
  row('inline Map items a second', engine.items, moto.items, 20, false, '/s');
  row('idle memory, core installed', engine.idle, moto.idle, 1, true, 'MB');

  const template = subfolder('check', { 'w.yaml': header + twoSteps });
  const check = best(() => measured([process.execPath, bclaw, 'check', 'w.yaml'], template));
  const node = best(() => measured([process.execPath, '-e', ''], template));
  row("`bclaw check` over `node -e ''`, wall", check.wall, node.wall, 2, true, 's');

  const rounded = (number) => (number >= 100 ? Math.round(number) : Math.round(number * 100) / 100);
  console.log('| what | bclaw | peer | ratio | goal |\n|---|---|---|---|---|');
  for (const { what, own, peer, ratio, goal, met, atMost, unit } of rows)
    console.log(
      `| ${what} | ${rounded(own)} ${unit} | ${rounded(peer)} ${unit} | ${rounded(ratio)} | ${atMost ? 'at most' : 'at least'} ${goal}${met ? '' : ' (missed)'} |`,
    );
  if (rows.some(({ met }) => !met)) process.exitCode = 1;
} finally {
  removeFolder();
}
