import { describe, expect, it } from 'vitest';
import { file } from '../bclaw.js';
import { engineFolder, oneStep } from '../engine.js';

const { folder, run } = engineFolder();
const json = (ended: { stdout: string }) => JSON.parse(ended.stdout);
const job = (id: string) => file(folder, `${id}.json`, JSON.stringify({ id }));
const template = (name: string, options: Parameters<typeof oneStep>[0]) => file(folder, name, oneStep(options));

describe('a workflow in production', () => {
  it('is planned, deployed, run on a version by its number, explained and destroyed', async () => {
    const one = template('one.yaml', { commands: 'echo one > out.txt' });
    const two = template('two.yaml', { commands: 'echo two > out.txt' });

    const first = await run('plan', one, '--name', 'ops');
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^ops: would be deployed for the first time, with 1 step\.\n\n\+ only \(batch\)\n/);
    expect((await run('deploy', one, '--name', 'ops')).code).toBe(0);
    const same = await run('plan', one, '--name', 'ops', '--exit-code');
    expect(same).toMatchObject({
      code: 0,
      stdout: 'ops: no changes; the template is the same as version 1, which is live.\n',
    });
    const changed = await run('plan', two, '--name', 'ops', '--exit-code');
    expect({ code: changed.code, lines: changed.stdout.split('\n') }).toEqual({
      code: 4,
      lines: [
        'ops: would replace version 1, which is live.',
        '',
        '~ only (batch)',
        '    commands  echo one > out.txt → echo two > out.txt',
        '',
      ],
    });
    expect(json(await run('plan', two, '--name', 'ops', '--json'))).toMatchObject({
      outcome: 'update',
      live: { version: 1 },
      steps: [{ step: 'only', change: 'changed', fields: [{ field: 'commands' }] }],
    });
    expect((await run('deploy', two, '--name', 'ops')).code).toBe(0);

    const pinned = await run('submit', 'ops', job('old'), '--version', '1', '--watch', '--json');
    expect(pinned.code, pinned.stderr).toBe(0);
    expect(json(pinned)).toMatchObject([{ status: 'SUCCEEDED', version: 1 }]);
    const nowhere = await run('submit', 'ops', job('nowhere'), '--version', '9');
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toContain('has no version 9: the newest is 2.');

    expect((await run('rollback', 'ops')).code).toBe(0);
    const history = await run('history', 'ops');
    expect(history.stdout.split('\n').map((line) => line.replace(/^[-\d]+ [:\d]+ +/, ''))).toEqual([
      expect.stringMatching(/^WHEN +WHAT +BY$/),
      expect.stringMatching(/^live moved from version 2 to 1 +arn:aws:/),
      expect.stringMatching(/^deployment of version 2 succeeded, live at /),
      expect.stringMatching(/^deployment of version 1 succeeded, live at /),
      '',
    ]);
    expect(history.stderr).toContain('CloudTrail');
    expect((await run('dead-letters', 'ops')).stderr).toContain('ops: no dead letters.');
    expect(json(await run('dead-letters', 'ops', '--redrive', '--json'))).toEqual([]);

    const dry = await run('destroy', 'ops', '--dry-run');
    expect(dry.stdout.split('\n')).toEqual([
      'ops: the stack "ops", and',
      '  state machine ops--1',
      '  state machine ops--2',
      '  job definition ops-only--1:1',
      '  job definition ops-only--2:1',
      '',
    ]);
    expect(await run('destroy', 'ops')).toMatchObject({ code: 2, stderr: expect.stringContaining('Say --yes.') });
    const destroyed = await run('destroy', 'ops', '--yes');
    expect(destroyed).toMatchObject({ code: 0, stdout: 'ops: deleted.\n' });
    expect((await run('versions', 'ops')).stderr).toContain('There is no workflow "ops" here.');
    expect((await run('destroy', 'ops', '--yes')).stderr).toContain('nor anything left of one');
  });

  it('is planned with diagnostics and 3 for a template with errors', async () => {
    const broken = file(folder, 'broken.yaml', oneStep({ commands: 'echo', more: '      comands: x\n' }));
    expect(await run('plan', broken, '--name', 'broken')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('error unknown-field'),
    });
  });

  it('is examined by the doctor, who finds nothing that does not work until something is broken', async () => {
    const well = await run('doctor');
    expect({ code: well.code, stderr: well.stderr }).toMatchObject({ code: 0 });
    expect(well.stdout).toMatch(/^ok +region: The region is us-east-1\.\nok +credentials: /);
    expect(well.stdout).toMatch(/\nok +queues: The queue bayerclaw2-spot takes jobs\.\n/);
    const nowhere = await run('doctor', '--core', 'nowhere', '--json');
    expect(nowhere.code).toBe(1);
    expect(json(nowhere).at(-1)).toMatchObject({ part: 'core', status: 'error', hint: expect.any(String) });
  });

  it('redrives a failed job from the step that failed, and says why it can not redrive another', async () => {
    const flaky = template('flaky.yaml', { commands: `test -e ${folder}/mended && echo well > out.txt` });
    expect((await run('deploy', flaky, '--name', 'flaky')).code).toBe(0);
    const failed = await run('submit', 'flaky', job('f'), '--watch', '--json');
    const [{ name }] = json(failed);
    expect(json(failed)).toMatchObject([{ status: 'FAILED' }]);
    file(folder, 'mended', '');
    const redriven = await run('redrive', name);
    expect(redriven).toMatchObject({ code: 0, stdout: `${name}: goes on on version 1.\n` });
    await expect.poll(async () => json(await run('status', name, '--json')).status).toBe('SUCCEEDED');
    const again = await run('redrive', name);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain(
      `The execution "${name}" can't be redriven: Execution is SUCCEEDED and cannot be redriven.`,
    );
  });
});
