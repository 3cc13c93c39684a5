import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import headless from '@xterm/headless';
import { beforeAll, describe, expect, it } from 'vitest';
import { file } from '../../packages/cli/test/bclaw.js';
import { engineFolder } from '../../packages/cli/test/engine.js';

const here = dirname(fileURLToPath(import.meta.url));
const command = join(here, '..', '..', 'packages', 'cli', 'bin', 'bclaw.mjs');
const { folder, run } = engineFolder();
const { NO_COLOR: _none, FORCE_COLOR: _forced, ...surroundings } = process.env;

/** The terminal as a person sees it while a command runs. */
interface Recording {
  readonly code: number | null;
  /** The screen after each thing that was written. */
  readonly frames: readonly (readonly string[])[];
  readonly raw: string;
}

interface Options {
  readonly columns: number;
  readonly env?: Record<string, string>;
  /** Widths that the terminal is given, one after another, each time a scatter's line is seen. */
  readonly widths?: readonly number[];
  /** Ctrl-C is pressed when this is seen. */
  readonly interruptAt?: RegExp;
}

function inTerminal(
  args: readonly string[],
  { columns, env = {}, widths = [], interruptAt }: Options,
): Promise<Recording> {
  const screen = new headless.Terminal({ cols: columns, rows: 30, allowProposedApi: true });
  const child = spawn(
    'python3',
    [join(here, 'in-terminal.py'), String(columns), '30', process.execPath, command, ...args],
    // `.ci/run` sets NO_COLOR.
    { cwd: folder, env: { ...surroundings, TERM: 'xterm-256color', ...env }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const frames: string[][] = [];
  const next = [...widths];
  let raw = '';
  let interrupted = false;
  const read = () => {
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '').filter(
      (line) => line !== '',
    );
  };
  child.stdout.on('data', (chunk: Buffer) => {
    raw += chunk.toString();
    screen.write(chunk, () => {
      const lines = read();
      frames.push(lines);
      if (lines.some((line) => /\d+\/103/.test(line))) {
        const width = next.shift();
        if (width !== undefined) {
          screen.resize(width, 30);
          child.stdin.write(`size ${width} 30\n`);
        }
      }
      if (!interrupted && interruptAt !== undefined && lines.some((line) => interruptAt.test(line))) {
        interrupted = true;
        child.stdin.write('key 3\n');
      }
    });
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => screen.write('', () => resolve({ code, frames, raw })));
  });
}

const template = `
Transform: BC2_Compiler
Repository: s3://cli-test-data/\${job.id}
Steps:
  - lanes:
      scatter:
        lane: \${job.lanes}
      error_tolerance: 50
      inputs: {}
      outputs: {}
      steps:
        - align:
            image: public.ecr.aws/docker/library/debian:12.11-slim
            inputs: {}
            commands:
              - sleep 0.2; test \${scatter.lane} != 7
            outputs: {}
            retry:
              attempts: 0
`;

describe('progress in a terminal', () => {
  const jobFile = (name: string) =>
    file(folder, `${name}.json`, JSON.stringify({ id: name, lanes: Array.from({ length: 103 }, (_, lane) => lane) }));
  beforeAll(async () => {
    const deployed = await run('deploy', file(folder, 'lanes.yaml', template), '--name', 'lanes');
    expect(deployed.code, deployed.stderr).toBe(0);
  });

  it.each([
    { columns: 60 },
    { columns: 80, widths: [61, 140, 70] },
    { columns: 120, env: { NO_COLOR: '1' } },
    { columns: 200 },
  ])(
    'has a line for each running step with the true total, and tells of a failed branch: $columns columns',
    async (options) => {
      const names = [`a${options.columns}`, `b${options.columns}`];
      const { code, frames, raw } = await inTerminal(['submit', 'lanes', ...names.map(jobFile), '--watch'], options);
      expect(code, frames.at(-1)?.join('\n')).toBe(0);
      const totals = frames.flat().flatMap((line) => [...line.matchAll(/ \d+\/(\d+) /g)].map(([, total]) => total));
      expect(new Set(totals)).toEqual(new Set(['103']));
      const both = frames.filter(
        (lines) => lines.filter((line) => /^ {2}lanes\.map .* \d+\/103 /.test(line)).length === 2,
      );
      expect(both.length).toBeGreaterThan(0);
      const whileRunning = frames.filter((lines) => lines.some((line) => / \d+\/103 /.test(line)));
      // Never one frame beside another. One that is drawn at the very moment of a resize may be: it is for the old width.
      if (options.widths === undefined) {
        for (const lines of frames)
          expect(lines.filter((line) => line.startsWith('  lanes.map ')).length).toBeLessThan(3);
        expect(frames.at(-1)?.filter((line) => line.startsWith('  lanes.map '))).toEqual([]);
      } else {
        const widest = Math.max(...options.widths);
        const lengths = whileRunning.flat().map((line) => line.length);
        expect(lengths.some((length) => length > options.columns && length < widest)).toBe(true);
      }
      expect(whileRunning.some((lines) => lines.some((line) => line.includes('lanes.map: branch 00007 failed')))).toBe(
        true,
      );
      expect(raw.includes('\u001b[32m')).toBe(options.env === undefined);
    },
  );

  it('is lines in a log, with a change of state each', async () => {
    const { stderr } = await run('submit', 'lanes', jobFile('log'), '--watch');
    expect(stderr).toMatch(/ {2}lanes\.map: running$/m);
    expect(stderr).toMatch(/ {2}lanes\.map: branch 00007 failed {2}arn:/m);
    expect(stderr).toMatch(/ {2}lanes\.map: succeeded after /m);
    expect(stderr).not.toContain('\u001b');
  });

  it('ends with 130 on Ctrl-C, with its frame taken away', async () => {
    const watched = await inTerminal(['submit', 'lanes', jobFile('watched'), '--watch'], {
      columns: 80,
      interruptAt: /\/103/,
    });
    expect(watched.code).toBe(130);
    expect(watched.frames.at(-1)?.some((line) => line.startsWith('The job goes on'))).toBe(true);
  });
});
