// Measures the time to compile a template to CloudFormation, the size of a step in a definition, and the time of
// `bclaw check` as a whole process. Only ratios within one run count: the reference is the same text, parsed by `yaml`
// and printed as JSON. Fails when a limit is exceeded. Takes less than a minute; needs `npm run build`.
//
//     node bench/compile.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parse as parseYaml } from 'yaml';
import { compile } from '../packages/compiler/dist/index.js';
import { parse } from '../packages/spec/dist/index.js';
import { benchCore } from './bench-core.mjs';
import { mixedTemplate, ordinaryTemplate } from './mixed-template.mjs';

/** Text → CloudFormation, relative to `yaml` → JSON of the same text: steps → limit. */
const maxRatios = { 10: 2, 100: 1.5, 1000: 1.5 };
/** The growth from 100 to 1,000 steps, relative to that of `yaml` in the same run. */
const maxGrowthRatio = 1;
const maxBytesPerStep = 1150;
/** `bclaw check` as a whole process, relative to an empty Node.js process. */
const maxCheckRatio = 8;

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const options = { core: benchCore, deploymentId: 'bench', bclawVersion: '0.0.0', sha256 };

function compiled(text) {
  const { workflow, diagnostics } = parse(text);
  const result = workflow === undefined ? undefined : compile(workflow, options);
  if (result?.ok !== true)
    throw new Error([...diagnostics, ...(result?.diagnostics ?? [])].map(({ message }) => message).join('\n'));
  return result;
}

/**
 * Milliseconds of each task: the median of the faster half of many runs, in which all tasks alternate, so that a slow
 * moment of the machine favours none of them.
 */
function times(work, seconds) {
  const found = Object.entries(work).map(([name, run]) => ({ name, run, taken: [] }));
  const until = (deadline, least) => {
    for (let round = 0; round < least || performance.now() < deadline; round += 1)
      for (const { run, taken } of found) {
        const started = performance.now();
        run();
        taken.push(performance.now() - started);
      }
  };
  until(performance.now() + (seconds * 1_000) / 3, 3);
  for (const { taken } of found) taken.length = 0;
  until(performance.now() + (seconds * 2_000) / 3, 12);
  return Object.fromEntries(
    found.map(({ name, taken }) => [name, taken.sort((one, other) => one - other)[Math.floor(taken.length / 4)]]),
  );
}

function speed(steps) {
  const text = mixedTemplate(steps);
  const { workflow } = parse(text);
  const found = times(
    {
      yaml: () => JSON.stringify(parseYaml(text)),
      whole: () => JSON.stringify(compiled(text).template),
      parsed: () => parse(text),
      compiled: () => compile(workflow, options),
    },
    12,
  );
  return { steps, bytes: text.length, ...found };
}

/**
 * Number of bytes that one more ordinary batch step adds to a definition, including the ARN that CloudFormation
 * substitutes.
 */
function bytesPerStep() {
  const size = (steps) => {
    const { definition } = compiled(ordinaryTemplate(steps));
    return Buffer.byteLength(
      JSON.stringify(definition).replaceAll(
        /\$\{Step(\d+)JobDefinition\}/g,
        'arn:aws:batch:us-east-1:123456789012:job-definition/my-workflow-step-$1--123:1',
      ),
    );
  };
  return (size(400) - size(100)) / 300;
}

/** Milliseconds of `bclaw check` and of an empty Node.js process, alternating: the minimum of each. */
function checkTimes() {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-bench-'));
  const bclaw = new URL('../packages/cli/bin/bclaw.mjs', import.meta.url).pathname;
  const time = (...args) => {
    const started = performance.now();
    execFileSync(process.execPath, args, { stdio: 'ignore' });
    return performance.now() - started;
  };
  try {
    const file = join(folder, 'workflow.yaml');
    writeFileSync(file, mixedTemplate(10));
    const taken = Array.from({ length: 7 }, () => ({ check: time(bclaw, 'check', file), node: time('-e', '') }));
    return {
      check: Math.min(...taken.map(({ check }) => check)),
      node: Math.min(...taken.map(({ node }) => node)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const failures = [];
const bounded = (what, value, bound) => {
  if (value > bound) failures.push(`${what} is ${value.toFixed(2)}; the bound is ${bound}`);
};
const ms = (value) => value.toFixed(value < 10 ? 2 : 0);

const rows = [10, 100, 1000].map(speed);
console.log('| steps | template | yaml → JSON | bclaw parse | bclaw compile | text → CloudFormation | ratio |');
console.log('|---|---|---|---|---|---|---|');
for (const { steps, bytes, yaml, parsed, compiled, whole } of rows) {
  bounded(`The ratio at ${steps} steps`, whole / yaml, maxRatios[steps]);
  const columns = [yaml, parsed, compiled, whole].map((value) => `${ms(value)} ms`).join(' | ');
  console.log(`| ${steps} | ${Math.round(bytes / 1024)} KB | ${columns} | ${(whole / yaml).toFixed(2)} × |`);
}
const growth = rows[2].whole / rows[1].whole;
const yamlGrowth = rows[2].yaml / rows[1].yaml;
bounded('The growth from 100 to 1,000 steps, to that of `yaml`,', growth / yamlGrowth, maxGrowthRatio);
const bytes = bytesPerStep();
bounded('The size of an ordinary batch step in bytes', bytes, maxBytesPerStep);
const { check, node } = checkTimes();
bounded('`bclaw check`, to `node -e ""`,', check / node, maxCheckRatio);
console.log(`\ngrowth from 100 to 1,000 steps: ${growth.toFixed(1)} × (yaml alone: ${yamlGrowth.toFixed(1)} ×)`);
console.log(`bytes of definition per ordinary batch step: ${Math.round(bytes)}`);
console.log(
  `bclaw check of ten mixed steps, whole process: ${Math.round(check)} ms, ${(check / node).toFixed(1)} × \`node -e ''\``,
);
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exitCode = 1;
