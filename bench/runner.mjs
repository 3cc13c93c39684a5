// Compares the runner with the plain SDK moving the same objects, and measures the reference cache under 50 concurrent
// jobs. Only ratios within one run count. Needs `npm run build`; `node bench/runner.mjs [MB of the large object]` (2048
// by default), about 5 GB of disk.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { folder, removeFolder, run } from './folder.mjs';

const root = new URL('..', import.meta.url).pathname;
const runner = join(root, 'packages/runner/dist/program/main.mjs');
const { PutObjectCommand, S3Client } = createRequire(join(root, 'packages/local/package.json'))('@aws-sdk/client-s3');
const { Upload } = createRequire(join(root, 'packages/local/package.json'))('@aws-sdk/lib-storage');

const largeMB = Number(process.argv[2] ?? 2048);
const smallObjects = 1000;
const smallBytes = 10_000;

/** Runs a Node.js program to its end: seconds, and the maximum resident memory (MB). */
async function measured(args, environment) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...environment }, cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  let resident = 0;
  const look = setInterval(() => {
    try {
      resident = Math.max(resident, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`))?.[1] ?? 0));
    } catch {}
  }, 20);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${output}`);
  return { seconds: (performance.now() - started) / 1000, residentMB: Math.round(resident / 1024), output };
}

/** The minimum of several rounds: the slower ones include the load of other programs on this machine. */
const best = (numbers) => Math.min(...numbers);

function jobArguments(step) {
  const whole = {
    image: 'x:1',
    shell: 'sh',
    inputs: {},
    references: {},
    outputs: {},
    s3_tags: {},
    skip: 'never',
    qc: [],
  };
  const parameters = {
    step: JSON.stringify({ ...whole, ...step }),
    repo: 's3://data/repo',
    job_data: '-',
    index: 'main',
    execution: 'arn:aws:states:us-east-1:123456789012:execution:wf--1:job_1',
    inputs: '{}',
    scatter: '{}',
    parent: '{}',
  };
  return [runner, ...Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, value])];
}

/** Forwards everything to the engine and counts the requests for objects under a prefix. */
async function countingProxy(target, prefix) {
  let gets = 0;
  let bytes = 0;
  const server = createServer((incoming, answer) => {
    const counted = incoming.method === 'GET' && incoming.url.startsWith(prefix);
    if (counted) gets += 1;
    const { hostname, port } = new URL(target);
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode, reply.rawHeaders);
      if (counted) reply.on('data', (chunk) => (bytes += chunk.length));
      reply.pipe(answer);
      // The client closes the connection once it has seen the size.
      answer.on('close', () => reply.destroy());
    });
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts: () => ({ gets, bytes }),
    close: () => server.close(),
  };
}

/** A program that uses only the SDK: 16 objects at once, streamed to or from files. */
const plainSdk = `
import { createReadStream, createWriteStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createRequire } from 'node:module';
import { signed } from './signed.mjs';
const require = createRequire(${JSON.stringify(join(root, 'packages/local/package.json'))});
const { GetObjectCommand, PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { Upload } = require('@aws-sdk/lib-storage');
const client = new S3Client({});
const [direction, directory] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const keys = ['in/large.bin', ...Array.from({ length: ${smallObjects} }, (_, index) => 'in/s' + index + '.txt')];
const down = async (key) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'data', Key: 'repo/' + key }));
  await pipeline(Body, createWriteStream(directory + '/' + key.slice(3)));
};
const up = async (key) => {
  const path = directory + '/' + key.slice(3);
  const params = { Bucket: 'data', Key: 'plain/' + key };
  if (statSync(path).size < 8 * 2 ** 20) await client.send(new PutObjectCommand({ ...params, Body: readFileSync(path) }));
  else await new Upload({ client, params: { ...params, Body: createReadStream(path) }, partSize: 8 * 2 ** 20 }).done();
};
await Promise.all(Array.from({ length: 16 }, async () => {
  for (let key = keys.shift(); key !== undefined; key = keys.shift()) await (direction === 'down' ? down(key) : up(key));
}));
`;

try {
  run('local', 'start', '--detach', '--port', '0');
  const { url } = JSON.parse(run('local', 'status', '--json'));
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    BC_EXECUTOR: 'process',
    BC_SCRATCH_PATH: join(folder, 'scratch'),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  Object.assign(process.env, environment);
  const client = new S3Client({});
  await fetch(`${url}/data`, { method: 'PUT', headers: signed });
  const put = (Key, Body) => client.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
  await put('repo/_JOB_DATA_', '{"job":{},"scatter":{},"parent":{}}');

  // Large and small objects that are not compressible, made from a counter.
  const large = join(folder, 'large.bin');
  const file = openSync(large, 'w');
  const block = Buffer.concat(
    Array.from({ length: 32_768 }, (_, index) => createHash('sha256').update(String(index)).digest()),
  );
  for (let part = 0; part < largeMB; part += 1) {
    block.writeUInt32LE(part);
    writeSync(file, block);
  }
  const { createReadStream } = await import('node:fs');
  await new Upload({
    client,
    params: { Bucket: 'data', Key: 'repo/in/large.bin', Body: createReadStream(large) },
    partSize: 16 * 2 ** 20,
  }).done();
  rmSync(large);
  for (let index = 0; index < smallObjects; index += 1)
    await put(`repo/in/s${index}.txt`, block.subarray(index, index + smallBytes));

  const plainProgram = join(folder, 'plain.mjs');
  createWriteStream(plainProgram).end(plainSdk);
  const plainFiles = join(folder, 'plain');
  const inputs = { large: 'in/large.bin', small: 'in/*.txt' };
  const figures = { down: [], plainDown: [], both: [], plainUp: [] };
  for (let round = 0; round < 3; round += 1) {
    figures.plainDown.push(await measured([plainProgram, 'down', plainFiles], environment));
    figures.down.push(await measured(jobArguments({ inputs, commands: ['true'] }), environment));
    figures.plainUp.push(await measured([plainProgram, 'up', plainFiles], environment));
    figures.both.push(
      await measured(
        jobArguments({
          inputs,
          commands: ['true'],
          outputs: {
            large: { file: 'large.bin', dest: 's3://data/up/' },
            small: { file: '*.txt', dest: 's3://data/up/' },
          },
        }),
        environment,
      ),
    );
  }
  const seconds = (name) => best(figures[name].map((figure) => figure.seconds));
  const residentMB = Math.max(...[...figures.down, ...figures.both].map((figure) => figure.residentMB));

  // 50 jobs of one host that start at the same time and request one reference of 200 MB.
  rmSync(plainFiles, { recursive: true, force: true });
  await new Upload({
    client,
    params: { Bucket: 'data', Key: 'ref/genome', Body: Buffer.concat(Array.from({ length: 200 }, () => block)) },
  }).done();
  const proxy = await countingProxy(url, '/data/ref/genome');
  const fifty = performance.now();
  await Promise.all(
    Array.from({ length: 50 }, () =>
      measured(jobArguments({ references: { genome: 's3://data/ref/genome' }, commands: ['test -s ${genome}'] }), {
        ...environment,
        AWS_ENDPOINT_URL: proxy.url,
      }),
    ),
  );
  const fiftySeconds = (performance.now() - fifty) / 1000;
  const { bytes } = proxy.counts();
  proxy.close();

  const round = (number) => Math.round(number * 100) / 100;
  const both = seconds('plainDown') + seconds('plainUp');
  console.log(
    JSON.stringify(
      {
        [`inputs: ${smallObjects} of 10 kB and one of ${largeMB} MB, plain SDK (s)`]: round(seconds('plainDown')),
        'the same, runner, whole process (s)': round(seconds('down')),
        'ratio (at most 1.5)': round(seconds('down') / seconds('plainDown')),
        'inputs and outputs, plain SDK (s)': round(both),
        'the same, runner, whole process (s) ': round(seconds('both')),
        'ratio (at most 1.5) ': round(seconds('both') / both),
        'most resident memory of the runner (MB, under 200)': residentMB,
        'of it, with inputs only (MB)': Math.max(...figures.down.map((figure) => figure.residentMB)),
        'plain SDK, most resident (MB)': Math.max(
          ...[...figures.plainDown, ...figures.plainUp].map((figure) => figure.residentMB),
        ),
        '50 jobs, one reference of 200 MB: downloads (exactly 1)': round(bytes / (200 * block.length)),
        '50 jobs, one reference of 200 MB, all together (s)': round(fiftySeconds),
      },
      null,
      2,
    ),
  );
} finally {
  run('local', 'stop');
  removeFolder();
}
