// Measures a scatter over 1,000 × 1,000 items: the function itself, as its Lambda bundle, writing to the embedded
// engine over HTTP, next to Python's csv.DictWriter writing the same product to a file. Only ratios within one run
// count; absolute numbers depend on the machine. Needs `npm run build` and python3.
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { unzipSync } from 'fflate';

const side = Number(process.env.BENCH_SCATTER_SIDE ?? 1000);
const samples = Array.from({ length: side }, (_, index) => `sample_${String(index).padStart(4, '0')}`);
const regions = Array.from({ length: side }, (_, index) => `chr${(index % 22) + 1}:${index * 100_000}`);

/** The engine runs in its own process, as S3 does. */
async function runEngine(directory) {
  const { startEngine } = await import('@bclaw/local');
  const engine = await startEngine({ directory, iam: 'off' });
  const bucket = await fetch(`${engine.url}/lab`, { method: 'PUT', headers: signed });
  const data = { job: { samples, regions }, scatter: {}, parent: {} };
  const put = await fetch(`${engine.url}/lab/job/_JOB_DATA_`, {
    method: 'PUT',
    headers: signed,
    body: JSON.stringify(data),
  });
  if (!bucket.ok || !put.ok) throw new Error('The engine takes no objects.');
  process.send(engine.url);
}

/** The function's process does nothing else: its peak memory is what Lambda would bill. */
async function runScatter(bundle) {
  const { scatter } = await import(bundle);
  const payload = {
    index: 'main',
    execution: { arn: 'arn:aws:states:us-east-1:123456789012:execution:bench--1:job', name: 'job' },
    job_file: { bucket: 'launcher', key: 'bench/job.json', version: '' },
    job_data: 's3://lab/job/_JOB_DATA_',
    repo: { bucket: 'lab', prefix: 'job', uri: 's3://lab/job' },
    prev_outputs: {},
    scatter: {},
    parent: {},
    share_id: 'bench',
  };
  const began = performance.now();
  const scattered = { sample: '${job.samples}', region: '${job.regions}' };
  const { count } = await scatter({ step: 'wide', scatter: scattered, inputs: {}, outputs: {}, payload });
  const seconds = (performance.now() - began) / 1000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.send({ count, seconds, peakMB: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 });
}

const python = `
import csv, itertools, json, math, sys, time, urllib.request
lists = json.load(open(sys.argv[1]))
began = time.perf_counter()
with open(sys.argv[2], "w") as file:
    writer = csv.DictWriter(file, fieldnames=lists.keys(), dialect="unix")
    writer.writeheader()
    writer.writerows(dict(zip(lists.keys(), values)) for values in itertools.product(*lists.values()))
seconds = time.perf_counter() - began
width = max(5, len(str(math.prod(map(len, lists.values())) - 1)))
count = 0
with urllib.request.urlopen(sys.argv[3]) as body:
    rows = csv.DictReader(line.decode() for line in body)
    for count, (row, values) in enumerate(zip(rows, itertools.product(*lists.values()), strict=True), 1):
        assert row["index"] == str(count - 1).zfill(width), row
        assert json.loads(row["scatter"]) == dict(zip(lists.keys(), values)), row
print(json.dumps({"seconds": seconds, "same": count}))
`;

import { signed } from './signed.mjs';

/** The first message of a process of this script. */
function start(role, argument, env) {
  const child = fork(new URL(import.meta.url).pathname, [role, argument], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const message = new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The ${role} ended with ${code}.`)));
  });
  return { child, message };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-bench-'));
  const engine = start('engine', join(folder, 'engine'), {});
  try {
    const url = await engine.message;
    const zip = new URL('../packages/functions/dist/lambda.zip', import.meta.url);
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip)))) writeFileSync(join(folder, name), bytes);
    const { message } = start('scatter', join(folder, 'index.mjs'), {
      _HANDLER: 'index.scatter',
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      NODE_NO_WARNINGS: '1',
    });
    const scatter = await message;
    const lists = join(folder, 'lists.json');
    writeFileSync(lists, JSON.stringify({ sample: samples, region: regions }));
    const written = execFileSync(
      'python3',
      ['-c', python, lists, join(folder, 'python.csv'), `${url}/lab/job/wide/_control_/items.csv`],
      { encoding: 'utf8' },
    );
    const { seconds, same } = JSON.parse(written);
    console.log(
      JSON.stringify(
        {
          items: scatter.count,
          'scatter (items/s, S3 included)': Math.round(scatter.count / scatter.seconds),
          'scatter, peak resident (MB)': Math.round(scatter.peakMB),
          'scatter, CPU (s)': Number(scatter.cpuSeconds.toFixed(2)),
          'csv.DictWriter to a file (items/s)': Math.round(same / seconds),
          ratio: Number((seconds / scatter.seconds).toFixed(2)),
          "rows that Python's csv reads as they were meant": same,
        },
        null,
        2,
      ),
    );
  } finally {
    engine.child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [role, argument] = process.argv.slice(2);
if (role === 'engine') await runEngine(argument);
else if (role === 'scatter') await runScatter(argument);
else await main();
