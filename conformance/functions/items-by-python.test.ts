import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readItems, scatter } from '../../packages/functions/test/scatter/scatter-world.js';
import { World } from '../../packages/functions/test/world.js';
import { temporaryFolder } from './temporary-folder.js';

/** Reads a file of items as Step Functions' users would, and compares each row with itertools.product. */
const program = `
import csv, itertools, json, sys

# A number that Step Functions would round or spell differently is accompanied by its exact JSON, as the text "=name".
def values_of(scatter):
    return {
        name: json.loads(scatter["=" + name]) if "=" + name in scatter else value
        for name, value in scatter.items()
        if not name.startswith("=")
    }

for line in open(sys.argv[1], encoding="utf-8"):
    path, lists = json.loads(line)
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    values = [dict(zip(lists, item)) for item in itertools.product(*lists.values())]
    assert [values_of(json.loads(row["scatter"])) for row in rows] == values, (path, rows[:3], values[:3])
    assert [int(row["index"]) for row in rows] == list(range(len(values))), path
    assert len({len(row["index"]) for row in rows}) <= 1, path
    print(len(values))
`;

const difficult = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', '\t', '\u0085', '\u2028', '\0', '\\', "'", '🧬', '{', '}'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const value = fc.oneof(
  difficult,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.dictionary(difficult, difficult, { maxKeys: 2 }),
);
const lists = fc.dictionary(fc.stringMatching(/^[a-z_]{1,5}$/), fc.array(value, { maxLength: 12 }), {
  minKeys: 1,
  maxKeys: 3,
});

describe('a scatter’s items', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());

  it('are, to Python’s csv and itertools, the product of the sources', async () => {
    await using folder = await temporaryFolder();
    const cases: [string, Record<string, unknown[]>][] = [
      ['wide', { a: Array.from({ length: 300 }, (_, at) => `s${at}`), b: Array.from({ length: 400 }, (_, at) => at) }],
      ...fc
        .sample(lists, { seed: 20261124, numRuns: 150 })
        .map((sample, at): [string, Record<string, unknown[]>] => [`r${at}`, sample]),
    ];
    const files: string[] = [];
    let expected = 0;
    for (const [name, sources] of cases) {
      const result = await scatter(world, {
        payload: await world.payload(name, { sources }),
        scatter: Object.fromEntries(Object.keys(sources).map((key) => [key, `\${job.sources.${key}}`])),
      });
      const path = join(folder.path, `${name}.csv`);
      await writeFile(path, await world.read(result.items.bucket, result.items.key));
      // The values that Python must find: those after a round trip through JSON, which the job data made too.
      files.push(JSON.stringify([path, sources]));
      expected += result.count;
      if (name === 'r0') expect(await readItems(world, result)).toHaveLength(result.count);
    }
    const list = join(folder.path, 'cases');
    await writeFile(list, files.join('\n'));
    const { status, stdout, stderr } = spawnSync('python3', ['-c', program, list], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const counts = stdout.trim().split('\n').map(Number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected);
    expect(counts).toHaveLength(cases.length);
  });
});
