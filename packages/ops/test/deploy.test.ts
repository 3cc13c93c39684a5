import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { deploy, listVersions, promote, type StackEvent, TemplateError } from '../src/index.js';
import { template, useEngine } from './engine.js';

const engine = useEngine();
const put = (workflow: string, text: string, more: object = {}) =>
  deploy(engine.clients, { workflow, template: text, ...more });

describe('deploy', () => {
  it('creates version 1, then version 2, and reports the events of the stack', async () => {
    const events: StackEvent[] = [];
    const onEvent = (event: StackEvent) => events.push(event);
    expect(await put('twice', template('echo 1'), { onEvent })).toMatchObject({ outcome: 'created', version: 1 });
    expect(events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual(
      expect.arrayContaining(['twice CREATE_IN_PROGRESS', 'StateMachine CREATE_COMPLETE', 'twice CREATE_COMPLETE']),
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

  it('keeps the values of parameters that are not given again', async () => {
    const parameters = 'Parameters:\n  Word:\n    Type: String\n    Default: default';
    const text = template('echo ${Word}', { parameters });
    await put('words', text, { parameters: { Word: 'given' } });
    expect(await put('words', text)).toMatchObject({ outcome: 'unchanged' });
    expect(await put('words', text, { parameters: { Word: 'other' } })).toMatchObject({ version: 2 });
    await expect(put('words', text, { parameters: { Wrod: 'other' } })).rejects.toMatchObject({
      code: 'unknown-parameter',
      remedy: 'It declares Word.',
    });
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
      remedy: 'Write `Transform: BC2_Compiler` at the top.',
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

  it('updates an unversioned workflow in place', async () => {
    const first = await put('plain', template('echo 1', { versioned: false }));
    expect(first.outcome).toBe('created');
    expect(first).not.toHaveProperty('version');
    expect((await put('plain', template('echo 1', { versioned: false }))).outcome).toBe('unchanged');
    expect((await put('plain', template('echo 2', { versioned: false }))).outcome).toBe('updated');
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
