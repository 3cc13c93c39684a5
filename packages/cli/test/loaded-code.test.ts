import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const dist = new URL('../dist/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, dist), 'utf8');

/** The files of the built command that are loaded when a command starts: what is imported on demand is not. */
function loadedBy(command: string): readonly string[] {
  const [, own = ''] = new RegExp(`import\\("\\./([^"]+)"\\)\\)\\.${command}\\(`).exec(read('main.js')) ?? [];
  const loaded = new Set<string>();
  const visit = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const [, imported = ''] of read(file).matchAll(/(?:from|import)\s?"\.\/([^"]+)"/g)) visit(imported);
  };
  visit('main.js');
  visit(own);
  return [...loaded];
}

const usesTheSdk = (file: string) => read(file).includes('aws-sdk-js');

describe('the code that a command loads', () => {
  it.each(['check', 'compile', 'graph', 'init'])('has nothing of the AWS SDK for `bclaw %s`', (command) => {
    expect(loadedBy(command).length).toBeGreaterThan(2);
    expect(loadedBy(command).filter(usesTheSdk)).toEqual([]);
  });

  it('has it for a command that talks to AWS', () => {
    expect(loadedBy('versions').filter(usesTheSdk)).not.toEqual([]);
  });
});
