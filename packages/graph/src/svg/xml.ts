/** A piece of XML that is already escaped. */
export interface Xml {
  readonly xml: string;
}

type Attribute = string | number | undefined;

/** An element; texts among the children are escaped, undefined attributes are omitted. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly (Xml | string)[]
): Xml {
  const written = Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeXml(attributeText(value))}"`))
    .join('');
  if (children.length === 0) return { xml: `<${name}${written}/>` };
  const inner = children.map((child) => (typeof child === 'string' ? escapeXml(child) : child.xml)).join('');
  return { xml: `<${name}${written}>${inner}</${name}>` };
}

/** A tenth of a pixel is precise enough for a picture. */
const attributeText = (value: string | number): string =>
  typeof value === 'string' ? value : String(Math.round(value * 10) / 10);

/** Formats pixels for a path. */
export const pixels = (...values: readonly number[]): string => values.map(attributeText).join(' ');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes text for XML and HTML; characters that XML 1.0 cannot represent (control characters, halves of surrogate
 * pairs) become U+FFFD.
 *
 * @example `escapeXml('<a & b>')` is `&lt;a &amp; b&gt;`.
 */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => (/[\t\n\r]/.test(character) ? character : '\uFFFD'))
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
