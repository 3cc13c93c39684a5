import { describe, expect, it } from 'vitest';
import { file } from '../bclaw.js';
import { engineFolder, oneStep } from '../engine.js';

const { folder, run } = engineFolder();
const json = (ended: { stdout: string }) => JSON.parse(ended.stdout);
const job = (id: string) => file(folder, `${id}.json`, JSON.stringify({ id }));
const template = (name: string, options: Parameters<typeof oneStep>[0]) => file(folder, name, oneStep(options));

describe('a workflow, from its first version to the clean-up', () => {
  it('is deployed, runs, is replaced, rolled back, promoted and pruned', async () => {
    const one = template('one.yaml', { commands: 'echo one > out.txt' });
    const two = template('two.yaml', { commands: 'echo two > out.txt' });

    const first = await run('deploy', one, '--name', 'story', '--json');
    expect(first.code, first.stderr).toBe(0);
    expect(json(first)).toMatchObject({ outcome: 'created', version: 1 });
    const same = await run('deploy', one, '--name', 'story');
    expect(same).toMatchObject({ code: 0, stdout: 'story: unchanged; version 1 is live and is the same.\n' });

    const watched = await run('submit', 'story', job('a'), '--watch', '--json');
    expect(watched.code, watched.stderr).toBe(0);
    expect(json(watched)).toMatchObject([{ file: 'a.json', status: 'SUCCEEDED', version: 1 }]);

    const second = await run('deploy', two, '--name', 'story');
    expect(second).toMatchObject({ code: 0, stdout: 'story: version 2 is live; until now it was version 1.\n' });
    const back = await run('rollback', 'story');
    expect(back).toMatchObject({ code: 0, stdout: 'story: version 1 is live; until now it was version 2.\n' });
    const twice = await run('rollback', 'story', '--to', '1');
    expect(twice).toMatchObject({ code: 1, stdout: '' });
    expect(twice.stderr).toContain('Version 1 of "story" is live already.');
    const tooFar = await run('rollback', 'story', '--to', '7');
    expect(tooFar.stderr).toContain('The workflow "story" has no version 7: the newest is 2.');
    const onOne = await run('submit', 'story', job('b'), '--watch', '--json');
    expect(json(onOne)).toMatchObject([{ status: 'SUCCEEDED', version: 1 }]);

    const table = await run('versions', 'story');
    expect(table.stdout.split('\n').map((line) => line.split(/\s+/).slice(0, 2))).toEqual([
      ['VERSION', 'LIVE'],
      ['2', '-'],
      ['1', 'live'],
      [''],
    ]);

    const spared = await run('prune', 'story', '--keep', '1', '--yes', '--json');
    expect(json(spared)).toMatchObject({
      pruned: [],
      kept: [
        { version: 1, because: 'live' },
        { version: 2, because: 'newest' },
      ],
    });
    expect((await run('promote', 'story', '--to', '2')).code).toBe(0);
    expect(await run('prune', 'story', '--keep', '0', '--yes')).toMatchObject({ code: 1, stdout: '' });
    const dry = await run('prune', 'story', '--keep', '1', '--dry-run');
    expect(dry.stdout).toContain('version 1: would go (state machine, 1 job definition, launcher version)');
    const unasked = await run('prune', 'story', '--keep', '1');
    expect(unasked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Say --yes.') });
    const pruned = await run('prune', 'story', '--keep', '1', '--yes', '--json');
    expect(json(pruned)).toMatchObject({ pruned: [{ version: 1 }], kept: [{ version: 2 }] });
    const none = await run('rollback', 'story');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('version 2 is the oldest there is') });
    const left = await run('submit', 'story', job('c'), '--watch', '--json');
    expect(json(left)).toMatchObject([{ status: 'SUCCEEDED', version: 2 }]);
  });

  it('refuses to become unversioned, and a name that AWS could not bear', async () => {
    const versioned = template('versioned.yaml', { commands: 'echo > out.txt' });
    const unversioned = template('unversioned.yaml', { commands: 'echo > out.txt', versioned: false });
    expect((await run('deploy', versioned, '--name', 'switcher')).code).toBe(0);
    const refused = await run('deploy', unversioned, '--name', 'switcher');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('Deploy it under another name');
    const misnamed = await run('deploy', versioned, '--name', 'my_workflow');
    expect(misnamed).toMatchObject({ code: 1, stderr: expect.stringContaining('Take a name like my-workflow.') });
  });

  it('shows diagnostics instead of deploying a template with errors, and ends with 3', async () => {
    const broken = file(folder, 'broken.yaml', oneStep({ commands: 'echo', more: '      comands: x\n' }));
    const { code, stdout, stderr } = await run('deploy', broken, '--name', 'broken');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('error unknown-field');
    expect((await run('versions', 'broken')).stderr).toContain('There is no workflow "broken" here.');
  });
});

describe('a job that fails', () => {
  it('is explained with the exit code and the last lines of its log', async () => {
    const failing = template('failing.yaml', { commands: 'echo before; echo oh no >&2; exit 7' });
    expect((await run('deploy', failing, '--name', 'failing')).code).toBe(0);
    const watched = await run('submit', 'failing', job('f'), '--watch');
    expect(watched.code).toBe(1);
    expect(watched.stdout).toContain('FAILED');
    const name = json(await run('executions', 'failing', '--status', 'failed', '--json'))[0].name;
    const status = await run('status', name);
    expect(status.code, status.stderr).toBe(0);
    expect(status.stdout).toContain('failed step only: the commands ended with exit code 7');
    expect(status.stdout).toContain('oh no');
    expect(json(await run('status', name, '--json'))).toMatchObject({
      status: 'FAILED',
      failure: { step: 'only', exitCode: 7 },
    });
    const logs = await run('logs', name, '--step', 'only');
    expect(logs.stdout).toContain('only  before\nonly  oh no\n');
  });

  it('is refused before it is submitted when its file is not JSON or lacks a value, with all faults', async () => {
    const good = template('good.yaml', { commands: 'echo fine > out.txt' });
    expect((await run('deploy', good, '--name', 'good')).code).toBe(0);
    const notJson = file(folder, 'not-json.json', 'id: 1');
    const lacking = file(folder, 'lacking.json', '{"sample": 1}');
    const list = file(folder, 'list.json', '[]');
    const refused = await run('submit', 'good', notJson, lacking, list, job('g'));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/not-json\.json: It is not JSON: /);
    expect(refused.stderr).toMatch(/lacking\.json: \$\{job\.id\} has no value/);
    expect(refused.stderr).toContain('list.json: It holds an empty list, not a JSON object');
    expect(refused.stderr).toContain('Nothing was submitted.');
    expect(json(await run('executions', 'good', '--json'))).toEqual([]);
  });

  it('is checked against the schema of its template, before and when it is submitted', async () => {
    const schema = 'JobSchema: {required: [id], properties: {id: {type: string}, n: {type: integer}}}\n';
    const typed = file(folder, 'typed.yaml', `${oneStep({ commands: 'echo ${job.n} > out.txt' })}${schema}`);
    const bad = file(folder, 'bad.json', '{"id": "b", "n": "two"}');
    const checked = await run('check', typed, '--job', bad);
    expect(checked.code).toBe(3);
    expect(checked.stderr).toContain('`n` must be integer, not "two".');
    expect(checked.stderr).toContain('1 job file: 1 error');
    const broken = file(folder, 'broken.yaml', 'Repository: s3://cli-test-data/x\nSteps: 5\n');
    expect((await run('check', broken, '--job', bad)).stderr).toContain(
      '1 job file: not checked, because of the errors',
    );
    expect((await run('deploy', typed, '--name', 'typed')).code).toBe(0);
    const refused = await run('submit', 'typed', bad);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('bad.json: `n` must be integer, not "two".');
    const good = file(folder, 'fits.json', '{"id": "g", "n": 2}');
    expect(await run('check', typed, '--job', good)).toMatchObject({ code: 0 });
    expect((await run('submit', 'typed', good, '--watch')).code).toBe(0);
  });

  it('is told from an execution that does not exist', async () => {
    const { code, stderr } = await run('status', 'nobody_00000000');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no execution "nobody_00000000" here.');
  });
});
