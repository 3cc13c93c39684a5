import { readFileSync } from 'node:fs';

/**
 * What the workflow phage-gc computes, computed anew and otherwise: base by base, in another language than the
 * workflow's own awk.
 */
export interface Expected {
  readonly windows: string;
  readonly composition: string;
  readonly extremes: string;
  readonly summary: string;
}

interface Window {
  readonly start: number;
  readonly end: number;
  readonly gc: number;
  readonly skew: number;
  readonly words: number;
}

/** The bases of a FASTA file with one sequence. */
export function readSequence(path: string): string {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines
    .filter((line) => !line.startsWith('>'))
    .join('')
    .toUpperCase();
}

export function compute(genome: string, size: number, slide: number, version: number): Expected {
  const windows: Window[] = [];
  for (let start = 0; start + size <= genome.length; start += slide) windows.push(measure(genome, start, start + size));
  const gcs = windows.map(({ gc }) => Number(fixed(gc)));
  const richest = windows
    .toSorted((a, b) => Number(fixed(b.gc)) - Number(fixed(a.gc)) || a.start - b.start)
    .slice(0, 5);
  return {
    windows: table(windows.map(({ start, end }) => [start, end])),
    composition: table(windows.map(row)),
    extremes: table(richest.map(row)),
    summary: table([
      ['workflow_version', version],
      ['window_size', size],
      ['windows', windows.length],
      ['gc_mean', fixed(gcs.reduce((sum, gc) => sum + gc, 0) / gcs.length)],
      ['gc_low', fixed(Math.min(...gcs))],
      ['gc_high', fixed(Math.max(...gcs))],
    ]),
  };
}

function measure(genome: string, start: number, end: number): Window {
  let g = 0;
  let c = 0;
  const words = new Set<string>();
  for (let at = start; at < end; at += 1) {
    if (genome[at] === 'G') g += 1;
    if (genome[at] === 'C') c += 1;
    if (at + 4 <= end) words.add(genome.slice(at, at + 4));
  }
  return { start, end, gc: (g + c) / (end - start), skew: (g - c) / (g + c), words: words.size };
}

const row = ({ start, end, gc, skew, words }: Window) => [start, end, fixed(gc), fixed(skew), words];

const table = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((cells) => `${cells.join('\t')}\n`).join('');

/**
 * Four decimals as C's printf rounds them: halves to even, where JavaScript rounds them up. A binary fraction is half
 * between two multiples of 0.0001 only when it is an odd multiple of 1/32.
 */
function fixed(value: number): string {
  const thirtySeconds = value * 32;
  if (Number.isInteger(thirtySeconds) && Math.abs(thirtySeconds % 2) === 1) {
    const below = Math.floor(value * 10_000);
    return ((below % 2 === 0 ? below : below + 1) / 10_000).toFixed(4);
  }
  return value.toFixed(4);
}
