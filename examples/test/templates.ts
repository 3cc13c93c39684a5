import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('../../', import.meta.url).pathname;

/** Every workflow template below `examples/`, by its path from the top of the repository. */
export function exampleTemplates(): readonly string[] {
  const folders = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .flatMap(({ name }) => readdirSync(join(root, 'examples', name)).map((file) => join('examples', name, file)))
    .filter((path) => path.endsWith('.yaml') && /^Steps:/m.test(readFileSync(join(root, path), 'utf8')));
}
