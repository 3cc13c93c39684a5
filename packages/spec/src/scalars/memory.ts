import { type Parsed, parsed, unparsed } from './parsed.js';

/** The minimum memory of a job in AWS Batch (ResourceRequirement, type MEMORY). */
const minimumMiB = 4;

const size = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgtp]?)(i?)b?)\s*$/i;
const exponents: Readonly<Record<string, number>> = { k: -1, m: 0, g: 1, t: 2, p: 3 };

/**
 * Parses an amount of memory: a number of MiB, or a text with a unit. Units are binary multiples in any case (`16 Gb` =
 * `16GiB` = 16384 MiB); the result is rounded up to whole MiB and is at least 4.
 *
 * @example
 * ```ts
 * parseMemory('1.5 Gb'); // { ok: true, value: 1536 }
 * parseMemory(512); // { ok: true, value: 512 }
 * ```
 */
export function parseMemory(source: number | string): Parsed<number> {
  const hint = 'Write MiB as a number, or a size with a unit such as "512 Mb" or "16 Gb".';
  if (typeof source === 'number') return inMiB(source, hint);
  const match = size.exec(source);
  if (match === null) return unparsed(`"${source}" is not an amount of memory`, hint);
  const [, amount = '', prefix = ''] = match;
  const isBytes = prefix === '' && /b\s*$/i.test(source);
  const exponent = isBytes ? -2 : (exponents[prefix.toLowerCase()] ?? 0);
  return inMiB(Number(amount) * 1024 ** exponent, hint);
}

function inMiB(amount: number, hint: string): Parsed<number> {
  if (!Number.isFinite(amount) || amount <= 0) return unparsed('memory must be more than nothing', hint);
  const rounded = Math.max(minimumMiB, Math.ceil(amount));
  return Number.isSafeInteger(rounded) ? parsed(rounded) : unparsed('no machine has that much memory', hint);
}
