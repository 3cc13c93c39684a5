import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { codeBlocks, pages, root } from './markdown.js';

const blocks = pages().flatMap(codeBlocks);
const inLanguage = (...languages: string[]) => blocks.filter((block) => languages.includes(block.language));

/** The languages whose code blocks a test checks; a block in any other language would be unchecked. */
const checked = ['ts', 'yaml', 'json', 'bash', 'text'];

describe('the code blocks of the documentation', () => {
  it('are all in a language that a test checks', () => {
    expect(blocks.length).toBeGreaterThan(0);
    const unchecked = blocks.filter((block) => !checked.includes(block.language));
    expect(unchecked.map((block) => `${block.page}:${block.line}: ${block.language || '(none)'}`)).toEqual([]);
  });

  it.each(inLanguage('json').map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s is JSON',
    (_place, block) => {
      expect(() => JSON.parse(block.text)).not.toThrow();
    },
  );

  // docs/diagnostics.md contains mistakes on purpose: packages/spec tests that each example reports its code.
  const templates = inLanguage('yaml').filter((block) => block.page !== 'docs/diagnostics.md');
  it.each(templates.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s is YAML, and a template without errors if it is one',
    (_place, block) => {
      for (const document of parseAllDocuments(block.text)) expect(document.errors).toEqual([]);
      if (!/^Steps:/m.test(block.text)) return;
      const pairs = (block.attributes['parameters'] ?? '').split(',').filter((pair) => pair !== '');
      const parameters = Object.fromEntries(pairs.map((pair) => pair.split(':', 2)));
      const errors = parse(block.text, { file: block.page, parameters }).diagnostics.filter(
        ({ severity }) => severity === 'error',
      );
      expect(errors).toEqual([]);
    },
  );

  it('compile, where they are TypeScript', () => {
    const folder = join(root, 'node_modules/.cache/docs');
    rmSync(folder, { recursive: true, force: true });
    const files = inLanguage('ts').map((block) => {
      // Next to the page's package, so that its imports resolve as for a reader.
      const name = `${block.page.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${block.line}.ts`;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), `${block.text}\nexport {};\n`);
      return name;
    });
    expect(files.length).toBeGreaterThan(0);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../../tsconfig.base.json',
        compilerOptions: {
          noEmit: true,
          composite: false,
          declaration: false,
          declarationMap: false,
          emitDeclarationOnly: false,
          noUnusedLocals: false,
          types: ['node'],
          typeRoots: ['../../@types'],
        },
        include: ['*.ts'],
      }),
    );
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const result = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    expect(result.stdout).toBe('');
    expect(result.status).toBe(0);
  });
});
