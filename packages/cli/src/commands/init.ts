import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { BclawError } from '@bclaw/spec';
import type { initCommand } from '../declarations/authoring.js';
import type { OptionsOf } from '../declarations/options.js';
import type { Terminal } from '../terminal.js';

type InitOptions = OptionsOf<typeof initCommand>;

/** The files of a new workflow; the schema is among them, so that editors need no network. */
const files = ['workflow.yaml', 'job.json', 'workflow.schema.json'] as const;

/** `bclaw init`: a working example in a folder, which is created if necessary. Overwrites nothing. */
export async function init(directory: string, options: InitOptions, terminal: Terminal): Promise<void> {
  const targets = files.map((name) => ({ name, path: join(directory, name) }));
  for (const { path } of targets)
    if (await exists(path))
      throw new BclawError('file-exists', `${path} already exists.`, {
        hint: 'Nothing was written. Name a folder for the new workflow: bclaw init my-workflow.',
      });
  await mkdir(directory, { recursive: true });
  // `wx`: a file that was created meanwhile is not overwritten either.
  for (const { name, path } of targets) await writeFile(path, await packed(name), { flag: 'wx' });

  const commands = nextCommands(directory);
  const paths = targets.map(({ path }) => path);
  if (options.json === true) {
    terminal.json({ directory, files: paths, next: commands });
    return;
  }
  for (const path of paths) terminal.data(path);
  terminal.note(['', 'Next:', ...commands.map((command) => `  ${command}`)].join('\n'));
}

function nextCommands(directory: string): string[] {
  const enter = normalize(directory) === '.' ? [] : [`cd ${quoted(directory)}`];
  return [
    ...enter,
    'bclaw check workflow.yaml',
    'bclaw graph workflow.yaml -o workflow.svg',
    'bclaw run workflow.yaml --job job.json',
    'cat outputs/report.txt',
  ];
}

/** Quotes a path as one shell word. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const require = createRequire(import.meta.url);

/** A file that is packed with the command. */
const packed = (name: string): Promise<string> =>
  readFile(join(dirname(require.resolve('@bclaw/cli/package.json')), 'dist', 'init', name), 'utf8');

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
