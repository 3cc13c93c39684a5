import type { Workflow } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { flowOf } from './flow/flow-of.js';
import { renderHtml } from './html/render.js';
import { renderMermaid } from './mermaid/render.js';
import { renderSvg } from './svg/render.js';

/** The output formats: an image, a page around it, or text that Markdown viewers render as an image. */
export const pictureFormats = ['svg', 'mermaid', 'html'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

export interface DrawOptions {
  /** Default `svg`. */
  readonly format?: PictureFormat;
  /** Heading of an SVG or of a page; default none. */
  readonly title?: string;
}

/**
 * Draws a workflow.
 *
 * @param workflow the normalised model, as returned by `parse` of `@bclaw/spec`
 * @returns an SVG document, an HTML page, or a flowchart in Mermaid's language
 * @example
 * ```ts
 * const { workflow } = parse(await readFile('workflow.yaml', 'utf8'));
 * if (workflow !== undefined) await writeFile('workflow.svg', draw(workflow, { title: 'my workflow' }));
 * ```
 */
export function draw(workflow: Workflow, { format = 'svg', title }: DrawOptions = {}): string {
  const flow = flowOf(workflow);
  const { description } = workflow;
  const about = given({ title, description });
  switch (format) {
    case 'svg':
      return renderSvg(flow, about);
    case 'html':
      return renderHtml(flow, about);
    case 'mermaid':
      return renderMermaid(flow);
  }
}
