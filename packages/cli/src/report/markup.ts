import { escapeXml } from '@bclaw/graph';

/** Text of a page that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

/**
 * HTML with values in it. Every value that is not HTML itself is escaped, so that no name and no job value becomes markup.
 *
 * @example html`<td>${name}</td>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => `${text}${index < values.length ? textOf(values[index]) : ''}`).join(''),
  );
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeXml(String(part));
  return part.map(textOf).join('');
}
