import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.js';
import { Terminal } from '../src/terminal.js';
import { bclaw, file, temporaryFolder } from './bclaw.js';

const program = createProgram(process, new Terminal(process));
const commands = program.commands.flatMap((command) => [command, ...command.commands]);

describe('bclaw', () => {
  it('knows every command of the design', () => {
    expect(program.commands.map((command) => command.name()).sort()).toEqual([
      'check',
      'compile',
      'completion',
      'dead-letters',
      'demo',
      'deploy',
      'destroy',
      'doctor',
      'executions',
      'graph',
      'history',
      'init',
      'install',
      'local',
      'logs',
      'plan',
      'promote',
      'prune',
      'redrive',
      'report',
      'rollback',
      'run',
      'status',
      'stop',
      'submit',
      'uninstall',
      'versions',
      'workflows',
    ]);
  });

  it.each(
    commands.filter((command) => command.commands.length === 0).map((command) => [commandLine(command), command]),
  )('shows an example of `%s` in its help', (line, command) => {
    let help = '';
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    expect(help).toContain(`$ ${line}`);
  });

  it.each([
    ['no command at all', []],
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['check', '--frobnicate', 'x.yaml']],
    ['a missing argument', ['rollback']],
    ['a missing option', ['deploy', 'x.yaml']],
    ['a number that is none', ['rollback', 'wf', '--to', 'one']],
    ['a duration that is none', ['prune', 'wf', '--older-than', 'long']],
    ['a parameter without a value', ['compile', 'x.yaml', '-p', 'Tag']],
    ['a format that does not exist', ['check', '--format', 'xml', 'x.yaml']],
  ])('ends with 2 for %s, and shows how it is done', async (_what, args) => {
    const { code, stdout, stderr } = await bclaw(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--help shows how|Usage: bclaw/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('proposes the command that was meant', async () => {
    expect((await bclaw(['rolback', 'wf'])).stderr).toContain('Did you mean rollback?');
  });

  it('refuses to help with a command that there is not, and proposes one', async () => {
    for (const [args, meant] of [
      [['help', 'rolback'], 'rollback'],
      [['local', 'help', 'strat'], 'start'],
    ] as const) {
      const { code, stdout, stderr } = await bclaw(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`Did you mean \`${meant}\`?`);
    }
    expect((await bclaw(['help', 'rollback'])).stdout).toContain('Usage: bclaw rollback');
    expect((await bclaw(['help'])).stdout).toContain('Usage: bclaw');
  });

  it('says how to get to AWS or to an engine when there is neither', async () => {
    const cwd = temporaryFolder();
    const none = await bclaw(['versions', 'wf', '--local'], { cwd });
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toBe(
      'bclaw: No embedded engine runs in this folder or above it.\n  → Start one with `bclaw local start --detach`.\n',
    );
    const noRegion = await bclaw(['versions', 'wf'], { cwd, env: { AWS_CONFIG_FILE: '/dev/null' } });
    expect(noRegion).toMatchObject({ code: 1, stdout: '' });
    expect(noRegion.stderr).toContain('No AWS region is set.');
    const noCredentials = await bclaw(['versions', 'wf', '--region', 'us-east-1'], {
      cwd,
      env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    });
    expect(noCredentials).toMatchObject({ code: 1, stdout: '' });
    expect(noCredentials.stderr).toContain('There are no AWS credentials.');
    expect(noCredentials.stderr).not.toMatch(/^\s+at /m);
    const nobodyThere = await bclaw(['versions', 'wf'], {
      cwd,
      env: {
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
      },
    });
    expect(nobodyThere).toMatchObject({ code: 1, stdout: '' });
    expect(nobodyThere.stderr).toContain('Nothing answers at the endpoint.');
  });

  it('says which endpoint or profile there is not', async () => {
    const cwd = temporaryFolder();
    for (const [args, env] of [
      [['--endpoint-url', 'localhost:4577'], {}],
      [[], { AWS_ENDPOINT_URL: 'localhost:4577' }],
    ] as const) {
      const { code, stdout, stderr } = await bclaw(['versions', 'wf', ...args], { cwd, env });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^bclaw: "localhost:4577" \(.*\) is not the URL of an endpoint\.\n {2}→ Write http/);
    }
    const config = file(cwd, 'config', '[default]\nregion = us-east-1\n[profile "lab account"]\n[ profile prod ]\n');
    const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
    expect(await bclaw(['versions', 'wf', '--profile', 'prdo'], { cwd, env })).toEqual({
      code: 2,
      stdout: '',
      stderr: `bclaw: There is no AWS profile "prdo" in ${config} or /dev/null.\n  → There are default, lab account, prod.\n`,
    });
    const known = await bclaw(['versions', 'wf', '--profile', 'lab account'], { cwd, env });
    expect(known.stderr).toContain('No AWS region is set.');
  });

  it('colours what it says only where that is wanted', async () => {
    const plain = await bclaw(['versions', 'wf', '--local']);
    expect(plain.stderr).not.toContain('\u001b');
    expect((await bclaw(['versions', 'wf', '--local'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\u001b');
    expect(
      (await bclaw(['versions', 'wf', '--local'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr,
    ).not.toContain('\u001b');
  });
});

function commandLine(command: (typeof commands)[number]): string {
  const parent = command.parent;
  return parent === null ? command.name() : `${commandLine(parent)} ${command.name()}`;
}
