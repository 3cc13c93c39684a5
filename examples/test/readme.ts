import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { codeBlocks } from '../../docs/test/markdown.js';
import type { SharedEngine } from './session.js';

/** Examples whose outputs are no two times alike: what matters of them is printed. */
const differentEachTime = ['skip-on-rerun'];

/**
 * Follows an example's README in a copy of its folder: types its commands, compares what they print with the text block behind
 * them, and what they write with the files in `expected/`. Blocks for another machine (```bash on=aws) are passed over.
 *
 * @returns the copy
 */
export async function followReadme(engine: SharedEngine, example: string): Promise<string> {
  const folder = engine.copy(example);
  const blocks = codeBlocks(`examples/${example}/README.md`);
  let compared = 0;
  for (const [index, block] of blocks.entries()) {
    if (block.language !== 'bash' || 'on' in block.attributes) continue;
    const seen = await engine.type(folder, block.text);
    const next = blocks[index + 1];
    if (next?.language !== 'text') continue;
    expect(withLineEnd(seen), block.text).toBe(next.text);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(0);

  if (differentEachTime.includes(example)) return folder;
  const expected = join(folder, 'expected');
  const files = filesBelow(expected);
  expect(files.length).toBeGreaterThan(0);
  for (const name of files)
    expect(readFileSync(join(folder, name), 'utf8'), name).toBe(readFileSync(join(expected, name), 'utf8'));
  return folder;
}

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

/** All files below a folder, by their paths from it. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
