import { shorten, wrap } from '../text/fit.js';
import { type Font, textWidth } from '../text/measure.js';
import type { Size } from './arrange.js';
import type { PlacedText, Point } from './picture.js';

export const fonts = {
  name: { family: 'sans', bold: true, size: 13 },
  note: { family: 'sans', bold: false, size: 11 },
  condition: { family: 'mono', bold: false, size: 11 },
  title: { family: 'sans', bold: true, size: 16 },
} as const satisfies Record<string, Font>;

/** Relative to the font size. */
const lineHeight = 1.35;
/** The maximum width of a line of text in pixels. */
const widest = { name: 220, note: 220, condition: 190 } as const;
const conditionLines = 3;

/** Text with a known size. */
export interface MeasuredText extends Size {
  /** Places its middle at a point. */
  around(centre: Point): PlacedText;
}

/** A step's full name: names have at most 80 characters. */
export const nameText = (name: string): MeasuredText => measured(wrap(name, widest.name, fonts.name), fonts.name);

export const noteText = (note: string): MeasuredText => measured([shorten(note, widest.note, fonts.note)], fonts.note);

/** A condition; if it is too long, the tooltip has the rest. */
export const conditionText = (condition: string): MeasuredText =>
  measured(wrap(condition, widest.condition, fonts.condition, conditionLines), fonts.condition, 4);

export const terminalText = (word: string): MeasuredText => measured([word], fonts.name);

export function measured(lines: readonly string[], font: Font, padding = 0): MeasuredText {
  const width = Math.max(...lines.map((line) => textWidth(line, font))) + 2 * padding;
  const height = lines.length * font.size * lineHeight + padding;
  return {
    width,
    height,
    around: ({ x, y }) => ({ x: x - width / 2, y: y - height / 2, width, height, lines, font }),
  };
}
