import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@bclaw/spec';

const root = new URL('../../../../', import.meta.url);

/** The files below a folder whose names have the given ending. */
function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root), 'utf8'));
}

const examples = ['examples', 'packages/spec/test/corpus'].flatMap((folder) => filesBelow(folder, '.yaml'));
const documented = filesBelow('docs', '.md').flatMap((page) =>
  [...page.matchAll(/^```yaml.*\n([\s\S]*?)^```/gm)].map(([, text = '']) => text),
);

/** Every template in the repository: examples, those in the documentation (good and bad), and one with everything. */
export const templates: readonly string[] = [...examples, ...documented].filter((text) => /^steps:/im.test(text));

/** Templates without errors. */
export const validTemplates: readonly string[] = templates.filter((text) => parse(text).workflow !== undefined);
