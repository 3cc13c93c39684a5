import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element, escapeXml } from '../../src/svg/xml.js';
import { readXml } from '../xml-outline.js';

/** Any code points, including control characters, halves of surrogate pairs and markup characters. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...`<>&"' \t\r\n\0]`),
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  ),
});

describe('XML', () => {
  it('is read back as it was meant, whatever the text', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, attribute) => {
        const read = readXml(element('a', { b: attribute }, text).xml);
        // XML normalizes line breaks, and characters that it cannot represent are replaced.
        const meant = (written: string) =>
          written
            .replaceAll(/\r\n?/g, '\n')
            .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) =>
              /[\t\n]/.test(character) ? character : '\uFFFD',
            );
        expect(read.text).toBe(meant(text));
        expect(read.attributes['b']).toBe(meant(attribute).replaceAll(/[\t\n]/g, ' '));
      }),
    );
  });

  it('leaves out attributes that there are not, and rounds pixels', () => {
    expect(element('rect', { x: 1.26, y: 2, rx: undefined }).xml).toBe('<rect x="1.3" y="2"/>');
  });

  it('never lets a text be a tag', () => {
    expect(escapeXml(`<a href="x" id='y'>&amp;`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;');
  });
});
