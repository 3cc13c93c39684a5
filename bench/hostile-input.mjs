// Measures the growth of the parsing time for hostile input. Each kind is parsed at one size and at four times that:
// linear work takes four times as long, quadratic work sixteen. Fails when a kind takes over eight times as long, or
// over ten times as long as `yaml` takes to parse an ordinary text of the larger size. Takes a minute;
// needs `npm run build`.
//
//     node bench/hostile-input.mjs
import { parse as parseYaml } from 'yaml';
import { nearest, parse, references } from '../packages/spec/dist/index.js';

const maxGrowth = 8;
const maxRatio = 10;

const head = 'Transform: BC2_Compiler\nRepository: s3://abc/${job.x}\n';
const names = Array.from({ length: 1000 }, (_, index) => `step-${index}`);
const nested = (opening) => (size) => parse(opening.repeat(size / opening.length));

/** The parameter is the number of characters. */
const kinds = {
  'merge keys of aliases': (size) => parse(`${head}${'<<: *a\n'.repeat(size / 7)}`),
  'aliases of lists of aliases': (size) =>
    parse(Array.from({ length: size / 40 }, (_, n) => `l${n}: &l${n} [*l${n - 1}, *l${n - 1}]\n`).join('')),
  'references that never close': (size) => references('${job.'.repeat(size / 6)),
  'a long name that is unlike all others': (size) => nearest('x'.repeat(size), names),
  'many steps that are none': (size) => parse(`Steps:\n${'  - 1\n'.repeat(size / 6)}`),
  'many unknown fields': (size) => parse(Array.from({ length: size / 12 }, (_, n) => `key-${n}: 1\n`).join('')),
  'steps with a `next` that leads nowhere': (size) =>
    parse(
      `${head}Steps:\n${Array.from({ length: size / 32 }, (_, n) => `  - s${n}: {commands: x, next: t${n}}\n`).join('')}`,
    ),
  ...Object.fromEntries(['[', '{', '- ', '? ', ': ', '"'].map((opening) => [`nested ${opening}`, nested(opening)])),
};

/** Milliseconds of CPU: the minimum of a few runs. */
function taken(run, times = 3) {
  return Math.min(
    ...Array.from({ length: times }, () => {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    }),
  );
}

const small = 60_000;
const large = 4 * small;
const ordinary = '- sample: {name: s1, reads: [a.fq, b.fq], depth: 30}\n';
parseYaml(ordinary.repeat(small / ordinary.length));
const yaml = taken(() => parseYaml(ordinary.repeat(large / ordinary.length)));

console.log(`yaml, ${large / 1000} KB of ordinary text: ${yaml.toFixed(0)} ms of CPU\n`);
console.log('| kind of input | 60 KB | 240 KB | growth | of yaml |');
console.log('|---|---|---|---|---|');
for (const [kind, read] of Object.entries(kinds)) {
  read(small);
  const [once, fourTimes] = [taken(() => read(small)), taken(() => read(large))];
  // Very short times are mostly clock noise, so the divisor has a minimum.
  const growth = fourTimes / Math.max(once, yaml / 20);
  const ratio = fourTimes / yaml;
  console.log(
    `| ${kind} | ${once.toFixed(1)} ms | ${fourTimes.toFixed(1)} ms | ${growth.toFixed(1)} × | ${ratio.toFixed(2)} × |`,
  );
  if (growth > maxGrowth || ratio > maxRatio) {
    console.error(`${kind}: the bounds are ${maxGrowth} × of growth and ${maxRatio} × of yaml`);
    process.exitCode = 1;
  }
}
