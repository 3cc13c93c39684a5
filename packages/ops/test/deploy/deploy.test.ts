import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  ListStateMachinesCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import {
  deploy,
  listVersions,
  promote,
  type StackEvent,
  submit,
  TemplateError,
  waitForLaunch,
} from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();
const put = (workflow: string, text: string, more: object = {}) =>
  deploy(engine.clients, { workflow, template: text, ...more });
const version = async (workflow: string, number: number) =>
  (await listVersions(engine.clients, { workflow })).versions.find((row) => row.version === number);

describe('deploy', () => {
  it('creates version 1, then version 2, and reports the events of the stack', async () => {
    const events: StackEvent[] = [];
    const onEvent = (event: StackEvent) => events.push(event);
    expect(await put('twice', template('echo 1'), { onEvent })).toMatchObject({ outcome: 'created', version: 1 });
    expect(events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual(
      expect.arrayContaining([
        'twice CREATE_IN_PROGRESS',
        expect.stringMatching(/^StateMachine[0-9a-f]{8} CREATE_COMPLETE$/),
        'twice CREATE_COMPLETE',
      ]),
    );
    expect(await put('twice', template('echo 2'))).toMatchObject({
      outcome: 'updated',
      version: 2,
      previousVersion: 1,
    });
    const { live, versions } = await listVersions(engine.clients, { workflow: 'twice' });
    expect(live).toMatchObject({ version: 2, weight: 1 });
    expect(versions.map(({ version, healthy }) => [version, healthy])).toEqual([
      [2, true],
      [1, true],
    ]);
  });

  it('does nothing when the live version is the same, unless it is forced to', async () => {
    await put('same', template('echo 1'));
    expect(await put('same', template('echo 1'))).toMatchObject({ outcome: 'unchanged', version: 1 });
    expect(await put('same', `# A comment changes nothing.\n${template('echo 1')}`)).toMatchObject({
      outcome: 'unchanged',
    });
    expect(await put('same', template('echo 1'), { force: true })).toMatchObject({ outcome: 'updated', version: 2 });
  });

  it('compares with the live version, not with the newest', async () => {
    await put('back', template('echo 1'));
    await put('back', template('echo 2'));
    await promote(engine.clients, { workflow: 'back', to: 1 });
    expect(await put('back', template('echo 1'))).toMatchObject({ outcome: 'unchanged', version: 1 });
    expect(await put('back', template('echo 2'))).toMatchObject({ outcome: 'updated', version: 3, previousVersion: 1 });
  });

  it('takes the value of a parameter that is not given from the default, else from the last deployment', async () => {
    const parameters = (word: string) => `Parameters:\n  Who:\n    Type: String\n  Word:\n    Type: String\n${word}`;
    const text = template('echo ${Word} ${Who}', { parameters: parameters('    Default: hello') });
    await expect(put('words', text)).rejects.toMatchObject({
      diagnostics: [expect.objectContaining({ code: 'missing-parameter' })],
    });
    await put('words', text, { parameters: { Who: 'you' } });
    expect(await put('words', text)).toMatchObject({ outcome: 'unchanged' });
    expect(await put('words', text, { parameters: { Word: 'bye' } })).toMatchObject({ version: 2 });
    expect(await put('words', text)).toMatchObject({ version: 3 });
    expect((await version('words', 3))?.digest).toBe((await version('words', 1))?.digest);
    await expect(put('words', text, { parameters: { Wrod: 'other' } })).rejects.toMatchObject({
      diagnostics: [expect.objectContaining({ code: 'unknown-parameter' })],
    });
    // The value of a parameter that a new template no longer declares is lost.
    expect(await put('words', template('echo fixed'))).toMatchObject({ version: 4 });
  });

  it('deploys anew where a hidden value could have changed', async () => {
    const parameters = 'Parameters:\n  Secret:\n    Type: String\n    NoEcho: true';
    const text = template('echo ${Secret}', { parameters });
    await put('secrets', text, { parameters: { Secret: 'x' } });
    expect(await put('secrets', text)).toMatchObject({ outcome: 'updated', version: 2 });
    expect((await version('secrets', 2))?.digest).toBe((await version('secrets', 1))?.digest);
  });

  it('takes a template that is too large for a request', async () => {
    const long = `# ${'x'.repeat(60_000)}\n${template('echo 1')}`;
    expect(await put('long', long)).toMatchObject({ outcome: 'created', version: 1 });
  });

  it('refuses a template with errors, with all of its diagnostics, and changes nothing', async () => {
    const error = await put('wrong', template('echo').replace('outputs:', 'output:')).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({ diagnostics: [expect.objectContaining({ code: 'unknown-field' })] });
    await expect(listVersions(engine.clients, { workflow: 'wrong' })).rejects.toMatchObject({
      code: 'no-such-workflow',
    });
  });

  it('refuses a template that CloudFormation would not hand to the compiler', async () => {
    const bare = template('echo').replace('Transform: BC2_Compiler', '');
    await expect(put('bare', bare)).rejects.toMatchObject({
      code: 'no-transform',
      hint: 'Write `Transform: BC2_Compiler` at the top.',
    });
  });

  it.each([
    [true, false],
    [false, true],
  ])('refuses to switch a workflow from versioned %s to %s', async (from, to) => {
    const workflow = from ? 'was-versioned' : 'was-unversioned';
    await put(workflow, template('echo', { versioned: from }));
    await expect(put(workflow, template('echo', { versioned: to }))).rejects.toMatchObject({
      code: 'switches-versioning',
    });
  });

  it('switches to versions when it is forced to, but not under running jobs', async () => {
    const workflow = 'forced';
    await put(workflow, template('sleep 600', { versioned: false }));
    const [job] = await submit(engine.clients, { workflow, files: [{ name: 'a.json', body: '{"id": "a"}' }] });
    const { executionArn } = await waitForLaunch(engine.clients, { workflow, executionName: job?.executionName ?? '' });
    const versioned = template('echo', { versioned: true });
    await expect(put(workflow, versioned, { force: true })).rejects.toMatchObject({
      code: 'still-running',
      message: expect.stringContaining('A job of "forced" would be ended'),
      hint: expect.stringContaining('bclaw executions forced --status RUNNING'),
    });
    await engine.clients.sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await put(workflow, versioned, { force: true })).toMatchObject({ outcome: 'updated', version: 1 });
  });

  it('updates an unversioned workflow in place', async () => {
    const first = await put('plain', template('echo 1', { versioned: false }));
    expect(first.outcome).toBe('created');
    expect(first).not.toHaveProperty('version');
    expect((await put('plain', template('echo 1', { versioned: false }))).outcome).toBe('unchanged');
    expect((await put('plain', template('echo 2', { versioned: false }))).outcome).toBe('updated');
  });

  it('that fails names the cause, leaves the live version as it was, and succeeds once the cause is gone', async () => {
    const workflow = 'fails';
    await put(workflow, template('echo 1'));
    const { versions } = await listVersions(engine.clients, { workflow });
    const taken = versions[0]?.stateMachine.arn.replace('--1', '--2') ?? '';
    await engine.clients.sfn.send(
      new CreateStateMachineCommand({
        name: `${workflow}--2`,
        definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
        roleArn: 'arn:aws:iam::123456789012:role/any',
      }),
    );
    await expect(put(workflow, template('echo 2'))).rejects.toMatchObject({
      code: 'deployment-failed',
      message: expect.stringMatching(
        /failed at StateMachine[0-9a-f]{8} \(AWS::StepFunctions::StateMachine\) CREATE_FAILED/,
      ),
      hint: expect.stringContaining('Version 1 is live, as it was before.'),
    });
    const after = await listVersions(engine.clients, { workflow });
    expect(after.live).toMatchObject({ version: 1 });
    expect(after.versions.map(({ version, healthy }) => [version, healthy])).toEqual([[1, true]]);

    await engine.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: taken }));
    const again = await put(workflow, template('echo 2'));
    expect(again.outcome).toBe('updated');
    expect(again.version).toBeGreaterThan(1);
  });

  it('that failed the very first time can be tried again', async () => {
    const workflow = 'stillborn';
    const name = `${workflow}--1`;
    await engine.clients.sfn.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
        roleArn: 'arn:aws:iam::123456789012:role/any',
      }),
    );
    await expect(put(workflow, template('echo 1'))).rejects.toMatchObject({
      code: 'deployment-failed',
      hint: expect.stringContaining('Nothing is live.'),
    });
    const { stateMachines } = await engine.clients.sfn.send(new ListStateMachinesCommand({}));
    const stateMachineArn = stateMachines?.find((machine) => machine.name === name)?.stateMachineArn;
    await engine.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    expect(await put(workflow, template('echo 1'))).toMatchObject({ outcome: 'created' });
  });

  it("leaves other people's stacks alone", async () => {
    const body = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
    await engine.clients.cloudFormation.send(new CreateStackCommand({ StackName: 'theirs', TemplateBody: body }));
    await expect
      .poll(async () => {
        const { Stacks } = await engine.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: 'theirs' }));
        return Stacks?.[0]?.StackStatus;
      })
      .toBe('CREATE_COMPLETE');
    await expect(put('theirs', template('echo'))).rejects.toMatchObject({ code: 'not-a-workflow' });
  });
});
