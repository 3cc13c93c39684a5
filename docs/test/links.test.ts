import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBlocks, pages, root } from './markdown.js';

const all = pages();
const text = (page: string) => readFileSync(join(root, page), 'utf8');

/** The targets of a page's links, except for web links and links in code blocks. */
function links(page: string): string[] {
  const prose = codeBlocks(page).reduce((rest, block) => rest.replace(block.text, ''), text(page));
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : [link]));
}

/** The anchors of a page's headings, in GitHub's format. */
const anchors = (page: string): string[] =>
  [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

describe('the links of the documentation', () => {
  it('lead to files, folders and headings that there are', () => {
    const found = all.flatMap((page) => links(page).map((link) => ({ page, link })));
    expect(found.length).toBeGreaterThan(50);
    const dead = found.filter(({ page, link }) => {
      const [path = '', anchor] = link.split('#', 2);
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchors(target).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('reach every page of docs/ from README.md', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const link of links(page)) {
        const target = normalize(join(dirname(page), link.split('#', 1)[0] ?? ''));
        if (all.includes(target)) reached.add(target);
        // A link to a folder shows its content.
        for (const other of all) if (dirname(other) === target.replace(/\/$/, '')) reached.add(other);
      }
    }
    expect(all.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});
