import { type Parsed, parsed, unparsed } from './parsed.js';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Parses a duration, `<whole number><s|m|h|d|w>`, to seconds.
 *
 * @example
 * ```ts
 * parseDuration('12h'); // { ok: true, value: 43200 }
 * ```
 */
export function parseDuration(source: string | number): Parsed<number> {
  const match = /^\s*(\d+)\s*([smhdw])\s*$/.exec(String(source));
  if (match === null) {
    return unparsed(
      `"${source}" is not a duration`,
      /^\s*\d+\s*$/.test(String(source))
        ? `Add a unit: "${String(source).trim()}s" for seconds, or m, h, d, w.`
        : 'Write a whole number and one unit of s, m, h, d or w, such as "90s" or "12h".',
    );
  }
  const [, amount = '', unit = ''] = match;
  const seconds = Number(amount) * (unitSeconds[unit] ?? 1);
  return Number.isSafeInteger(seconds) ? parsed(seconds) : unparsed(`"${source}" is too long`);
}
