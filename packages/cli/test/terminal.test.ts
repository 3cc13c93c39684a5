import { Writable } from 'node:stream';
import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { progressFrame } from '../src/progress/frame.js';
import { Terminal } from '../src/terminal.js';
import { at, counts, job, step } from './progress/jobs.js';

/** A terminal as people have it, without a window. */
class Screen {
  readonly #xterm: headless.Terminal;
  readonly terminal: Terminal;

  constructor(columns: number, rows = 12, env: Record<string, string> = {}) {
    const xterm = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    this.#xterm = xterm;
    class Stream extends Writable {
      readonly isTTY = true;
      get columns() {
        return xterm.cols;
      }
      get rows() {
        return xterm.rows;
      }
    }
    const stream = () =>
      new Stream({ decodeStrings: false, write: (text: string, _encoding, done) => xterm.write(text, done) });
    this.terminal = new Terminal({ stdout: stream(), stderr: stream(), env });
  }

  /** All its lines, those that scrolled away included. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#xterm.write('', resolve));
    const { active } = this.#xterm.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  async resize(columns: number): Promise<void> {
    await this.lines();
    this.#xterm.resize(columns, this.#xterm.rows);
  }

  async draw(succeeded: number): Promise<string[]> {
    const branches = counts(103, { succeeded, running: 3 });
    const jobs = ['sample-1', 'sample-2'].map((name) =>
      job(name, [step('lanes.map', 'running', { branches }), step('call', 'running')]),
    );
    const { size, noteStyle: style } = this.terminal;
    this.terminal.progress(...progressFrame(jobs, { ...size, now: at(60), style }));
    return this.lines();
  }
}

describe('progress on a terminal', () => {
  it.each([60, 80, 120, 200])('replaces its lines at %i columns, and the total stays', async (columns) => {
    const screen = new Screen(columns);
    screen.terminal.note('submitted sample-1');
    for (const succeeded of [1, 5, 50, 102]) {
      const lines = await screen.draw(succeeded);
      expect(lines).toHaveLength(7);
      expect(lines[0]).toBe('submitted sample-1');
      expect(lines.filter((line) => line.includes(` ${succeeded}/103 `))).toHaveLength(2);
    }
    screen.terminal.note('branch 00007 failed');
    expect(await screen.lines()).toEqual(['submitted sample-1', 'branch 00007 failed']);
    expect(await screen.draw(103)).toHaveLength(8);
    screen.terminal.endProgress();
    expect(await screen.lines()).toEqual(['submitted sample-1', 'branch 00007 failed']);
  });

  it('replaces its lines in a terminal that was made narrower or wider', async () => {
    const screen = new Screen(160);
    screen.terminal.note('submitted');
    await screen.draw(1);
    for (const columns of [70, 120, 61, 200]) {
      await screen.resize(columns);
      expect(await screen.draw(50)).toHaveLength(7);
    }
    screen.terminal.endProgress();
    expect(await screen.lines()).toEqual(['submitted']);
  });

  it('cuts lines to the terminal, and lines that would scroll away', async () => {
    const screen = new Screen(20, 4);
    for (let times = 0; times < 3; times += 1) screen.terminal.progress('x'.repeat(50), 'two\nlines', '3', '4', '5');
    expect(await screen.lines()).toEqual([`${'x'.repeat(18)}…`, 'two lines', '3']);
  });

  it('has colours, unless NO_COLOR asks for none', () => {
    expect(new Screen(80).terminal.noteStyle.red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(new Screen(80, 12, { NO_COLOR: '1' }).terminal.noteStyle.red('x')).toBe('x');
  });
});
