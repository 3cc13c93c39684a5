import type { PlacedText } from '../layout/picture.js';
import type { Font } from '../text/measure.js';
import { element, type Xml } from './xml.js';

/** Distance from the middle of a line to its base line, relative to the font size. */
const baseline = 0.36;

/** Lines of text, each centred. */
export function placedText({ x, y, width, height, lines, font }: PlacedText, ...classes: readonly string[]): Xml {
  const lineHeight = height / lines.length;
  const spans = lines.map((line, index) =>
    element('tspan', { x: x + width / 2, y: y + (index + 0.5) * lineHeight + baseline * font.size }, line),
  );
  return element('text', { class: [...fontClasses(font), ...classes].join(' '), 'font-size': font.size }, ...spans);
}

/** Text that begins at a point; `y` is its middle. */
export function textFrom(text: string, x: number, y: number, font: Font, ...classes: readonly string[]): Xml {
  const names = [...fontClasses(font), 'left', ...classes].join(' ');
  return element('text', { class: names, 'font-size': font.size, x, y: y + baseline * font.size }, text);
}

const fontClasses = ({ family, bold }: Font): string[] => (bold ? [family, 'bold'] : [family]);
