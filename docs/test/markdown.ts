import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('../..', import.meta.url).pathname;

/** A fenced code block of a Markdown page. */
export interface CodeBlock {
  /** Path of the page, relative to the root of the repository. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** `key=value` words after the language, e.g. `file=workflow.yaml`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Every Markdown page for readers. */
export function pages(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return ['node_modules', 'dist', 'test', 'src'].includes(entry.name) ? [] : below(path);
      return entry.name.endsWith('.md') && entry.name !== 'CHANGELOG.md' ? [path] : [];
    });
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  return [...top, ...['docs', 'examples', 'packages'].flatMap(below)].sort();
}

/** The code blocks of a page, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const open = /^(\s*)(`{3,})(.*)$/.exec(lines[index] ?? '');
    if (!open) continue;
    const [, indent = '', fence = '', info = ''] = open;
    const start = index + 1;
    while (index + 1 < lines.length && (lines[index + 1] ?? '').trim() !== fence) index += 1;
    const body = lines
      .slice(start, index + 1)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    index += 1;
    const [language = '', ...words] = info.trim().split(/\s+/);
    const attributes = Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split('=', 2)));
    blocks.push({ page, line: start, language, attributes, text: `${body.join('\n')}\n` });
  }
  return blocks;
}
