// Simulates bursts of job files, up to 1,000,000, with the quotas of AWS: how long they wait in the launch queue, what that
// takes, and how many would be dead letters if EventBridge called the launcher directly. The waits are the launcher's own
// code; AWS's part is a model. `node bench/bursts.mjs` prints the tables, `--write` also draws docs/explanation/bursts.svg.
// Takes three minutes.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { drawing } from './bursts-drawing.mjs';

const { outputFiles } = await build({
  entryPoints: [new URL('../packages/launcher/src/queue/waiting.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  write: false,
});
const waiting = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
const { longestWaitMs, retryDelaysSeconds, waitSeconds } = waiting;

const regions = [
  { name: 'us-east-1, us-west-2, eu-west-1', bucket: 1300, perSecond: 300 },
  { name: 'other regions', bucket: 800, perSecond: 150 },
];
const sizes = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];
/** Within ten seconds, or as S3 takes them for one prefix. */
const uploadSeconds = (files) => Math.max(10, files / 3_500);
/** Calls to S3 and Step Functions take about so long, and as long again at random. */
const callSeconds = 0.03;
/** As in the compiled stack. */
const batchSize = 10;
const maximumConcurrency = 10;
/** Messages that a standard queue holds in flight. */
const mostInFlight = 120_000;

/** A generator of the same numbers every time (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Events in the order of their time. */
class Agenda {
  #heap = [];

  add(event) {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent].time <= event.time) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = event;
  }

  next() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].time < heap[child].time) child += 1;
      if (heap[child].time >= last.time) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/** A token bucket, asked at times that never go back. */
function tokens({ bucket, perSecond }) {
  let left = bucket;
  let filledAt = 0;
  return (time) => {
    left = Math.min(bucket, left + (time - filledAt) * perSecond);
    filledAt = time;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

/** EventBridge → queue → up to ten launchers with up to ten messages each. */
function withQueue(files, region) {
  const random = randomNumbers(files);
  const take = tokens(region);
  const agenda = new Agenda();
  for (let file = 0; file < files; file += 1)
    agenda.add({ time: random() * uploadSeconds(files), kind: 'visible', message: { sentAt: 0, receives: 0 } });
  const visible = [];
  let head = 0;
  let idle = maximumConcurrency;
  let inFlight = 0;
  const result = { files, started: 0, dead: 0, seconds: 0, invocations: 0, receives: 0, mostReceives: 0, inFlight: 0 };
  const launch = (time) => {
    while (idle > 0 && head < visible.length && inFlight < mostInFlight) {
      const batch = visible.slice(head, head + batchSize);
      head += batch.length;
      if (head > 100_000) {
        visible.splice(0, head);
        head = 0;
      }
      idle -= 1;
      inFlight += batch.length;
      result.inFlight = Math.max(result.inFlight, inFlight);
      result.invocations += 1;
      // A record is written, or read and written; then comes the start.
      for (const message of batch) {
        message.receives += 1;
        result.receives += 1;
        const calls = message.receives === 1 ? 1 : 3;
        agenda.add({ time: time + calls * callSeconds * (1 + random()), kind: 'start', message });
      }
      agenda.add({ time: time + 6 * callSeconds * (1 + random()), kind: 'idle' });
    }
  };
  let left = files;
  while (left > 0) {
    const { time, kind, message } = agenda.next();
    if (kind === 'visible') {
      if (message.receives === 0) message.sentAt = time;
      else inFlight -= 1;
      visible.push(message);
    } else if (kind === 'idle') idle += 1;
    else if (take(time)) {
      result.started += 1;
      result.seconds = time;
      result.mostReceives = Math.max(result.mostReceives, message.receives);
      inFlight -= 1;
      left -= 1;
    } else if ((time - message.sentAt) * 1000 >= longestWaitMs) {
      result.dead += 1;
      inFlight -= 1;
      left -= 1;
    } else agenda.add({ time: time + waitSeconds(message.receives, random()), kind: 'visible', message });
    launch(time);
  }
  return result;
}

/** EventBridge → launcher: three tries of the SDK, three of Lambda, then a dead letter. */
function withoutQueue(files, region) {
  const random = randomNumbers(files);
  const take = tokens(region);
  const agenda = new Agenda();
  for (let file = 0; file < files; file += 1)
    agenda.add({ time: random() * uploadSeconds(files), kind: 'invoke', invocation: 0, tried: 0 });
  const unserved = [];
  let head = 0;
  let running = 0;
  let dead = 0;
  const again = (event, time, kind) => agenda.add(Object.assign(event, { time, kind }));
  const begin = (time, event) => {
    running += 1;
    again(event, time + callSeconds * (1 + random()), 'start');
  };
  for (let left = files; left > 0; ) {
    const event = agenda.next();
    const { time } = event;
    // Lambda adds 1,000 concurrent executions every ten seconds, up to the account's 1,000.
    const capacity = Math.min(1_000, 100 + 100 * time);
    if (event.kind === 'invoke') {
      if (running < capacity) begin(time, event);
      else unserved.push(event);
      continue;
    }
    if (take(time)) {
      running -= 1;
      left -= 1;
    } else if (event.tried < 2) {
      event.tried += 1;
      again(event, time + random() * 0.1 * 2 ** (event.tried - 1), 'start');
      continue;
    } else {
      running -= 1;
      if (event.invocation < 2) {
        const delay = (event.invocation === 0 ? 60 : 120) + 5 * random();
        event.invocation += 1;
        event.tried = 0;
        again(event, time + delay, 'invoke');
      } else {
        dead += 1;
        left -= 1;
      }
    }
    while (head < unserved.length && running < capacity) begin(time, unserved[head++]);
  }
  return dead;
}

/** Dollars, at the prices of us-east-1. */
function cost({ files, receives, invocations }) {
  const retries = receives - files;
  const sqs = (files + receives / batchSize + files / batchSize + retries) * 0.4e-6;
  const s3 = (2 * files + 3 * retries) * 5e-6 + retries * 0.4e-6;
  const lambda = invocations * (0.2e-6 + 0.27 * 0.25 * 13.3334e-6);
  return sqs + s3 + lambda;
}

const duration = (seconds) =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
const number = (value) => Math.round(value).toLocaleString('en-US');

const series = regions.map((region) => ({ region, points: [] }));
for (const { region, points } of series) {
  console.log(`\n${region.name}: ${number(region.bucket)} starts at once, ${region.perSecond} a second\n`);
  console.log(
    '| job files | last one started after | at best | receives of a message: mean, most | in flight | cost | dead letters | without the queue |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const files of sizes) {
    const queue = withQueue(files, region);
    const dead = withoutQueue(files, region);
    const atBest = Math.max(uploadSeconds(files), (files - region.bucket) / region.perSecond);
    points.push({ files, seconds: queue.seconds, atBest, dead: queue.dead, deadBefore: dead });
    console.log(
      `| ${number(files)} | ${duration(queue.seconds)} | ${duration(atBest)} | ${(queue.receives / files).toFixed(1)}, ${queue.mostReceives} | ${number(queue.inFlight)} | $${cost(queue).toFixed(2)} | ${queue.dead} | ${number(dead)} |`,
    );
    if (queue.started !== files) throw new Error(`${queue.started} of ${files} were started`);
  }
}
console.log(
  `\nA launch that fails for another reason is a dead letter after ${retryDelaysSeconds.reduce((a, b) => a + b)} s.`,
);
if (process.argv.includes('--write'))
  writeFileSync(new URL('../docs/explanation/bursts.svg', import.meta.url), drawing(series));
