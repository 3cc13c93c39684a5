import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/program.js';
import { Terminal } from '../../src/terminal.js';
import { bclaw, file, temporaryFolder } from '../bclaw.js';

describe('bclaw completion bash', () => {
  const folder = temporaryFolder();
  let script = '';

  beforeAll(async () => {
    const { code, stdout, stderr } = await bclaw(['completion', 'bash']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    script = file(folder, 'bclaw.bash', stdout);
  });

  /** The proposals of bash for the last of these words. */
  function proposals(...words: readonly string[]): string[] {
    const ask =
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bclaw; printf "%s\\n" "${COMPREPLY[@]}"';
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', ask, 'bash', script, ...words], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('proposes every command, and every option of each', () => {
    const program = createProgram(process, new Terminal(process));
    const names = program.commands.map((command) => command.name());
    expect(proposals('bclaw', '').sort()).toEqual([...names, 'help'].sort());
    for (const command of program.commands) {
      const options = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
      expect(proposals('bclaw', command.name(), '-').sort()).toEqual([...options, '-h', '--help'].sort());
    }
  });

  it.each([
    ['a command', ['bclaw', 'roll'], ['rollback']],
    ['a command below another', ['bclaw', 'local', 'st'], ['start', 'stop', 'status']],
    ['an option', ['bclaw', 'local', 'start', '--de'], ['--detach']],
    ['a value that is one of few', ['bclaw', 'check', '--format', 's'], ['sarif']],
    ['a value behind an equals sign', ['bclaw', 'check', '--format', '=', 's'], ['sarif']],
    ['all values behind an equals sign', ['bclaw', 'graph', '--format', '='], ['svg', 'mermaid', 'html']],
    ['an argument that is one of few', ['bclaw', 'completion', 'f'], ['fish']],
    ['the command that help is wanted for', ['bclaw', 'help', 'dea'], ['dead-letters']],
    ['options behind a value that is a command', ['bclaw', 'deploy', 'w.yaml', '--name', 'local', '--js'], ['--json']],
    ['nothing for a file, which readline completes', ['bclaw', 'check', 'work'], []],
  ])('completes %s', (_what, words, expected) => {
    expect(proposals(...words)).toEqual(expected);
  });
});

describe('bclaw completion', () => {
  it.each(['zsh', 'fish'])('writes a script for %s with what each command does', async (shell) => {
    const { code, stdout } = await bclaw(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('send new jobs to an earlier version');
  });

  it('names the shells that it knows for any other', async () => {
    const { code, stdout, stderr } = await bclaw(['completion', 'tcsh']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
  });
});
