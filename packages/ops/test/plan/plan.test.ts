import { DeleteStateMachineCommand, DescribeStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { deploy, install, listVersions, plan, rollback, TemplateError } from '../../src/index.js';
import { installOptions, useEngine } from '../engine.js';

const engine = useEngine();
const planned = (workflow: string, template: string, more: object = {}) =>
  plan(engine.clients, { workflow, template, ...more });

interface Steps {
  readonly image?: string;
  readonly commands?: readonly string[];
  readonly compute?: string;
  readonly more?: string;
  readonly order?: readonly ('first' | 'second')[];
  readonly repository?: string;
  readonly parameters?: string;
}

const template = (steps: Steps = {}): string => {
  const blocks = {
    first: `
  - first:
      image: ${steps.image ?? 'registry.example.org/tools:1.0'}
      inputs: {reads: "s3://my-data/\${job.id}.txt"}
      commands: ${JSON.stringify(steps.commands ?? ['wc -l < ${reads} > ${lines}', 'echo done'])}
      outputs: {lines: lines.txt}
      ${steps.compute ?? 'compute: {cpus: 1, memory: 1 GB}'}`,
    second: `
  - second:
      image: registry.example.org/tools:1.0
      inputs: {lines: lines.txt}
      commands: ['cat \${lines} > \${copy}']
      outputs: {copy: copy.txt}`,
  };
  return `
Transform: BC2_Compiler
${steps.parameters ?? ''}
Repository: ${steps.repository ?? 's3://my-data/repo/${job.id}'}
Options: {versioned: true}
Steps:${(steps.order ?? ['first', 'second']).map((name) => blocks[name]).join('')}${steps.more ?? ''}
`;
};

describe('plan', () => {
  it('of a workflow that is not deployed adds every step', async () => {
    const { outcome, steps, live } = await planned('fresh', template());
    expect({ outcome, live }).toEqual({ outcome: 'create', live: undefined });
    expect(steps.map(({ step, change, kind }) => [step, change, kind])).toEqual([
      ['first', 'added', 'batch'],
      ['second', 'added', 'batch'],
    ]);
    expect(steps[0]?.fields).toContainEqual({ field: 'image', after: 'registry.example.org/tools:1.0' });
  });

  it('of what is live says that nothing changes', async () => {
    await deploy(engine.clients, { workflow: 'same', template: template() });
    expect(await planned('same', template())).toMatchObject({
      outcome: 'unchanged',
      live: { version: 1, isNewest: true },
      steps: [],
      settings: [],
      platform: [],
      parameters: [],
      unchanged: ['first', 'second'],
    });
  });

  it('tells image, commands, compute and the rest of a changed step, and nothing of the others', async () => {
    await deploy(engine.clients, { workflow: 'changed', template: template() });
    const { outcome, steps, unchanged } = await planned(
      'changed',
      template({
        image: 'registry.example.org/tools:1.1',
        commands: ['wc -l < ${reads} > ${lines}', 'echo more'],
        compute: 'compute: {cpus: 2, memory: 1 GB}',
      }),
    );
    expect({ outcome, unchanged }).toEqual({ outcome: 'update', unchanged: ['second'] });
    expect(steps).toEqual([
      {
        step: 'first',
        change: 'changed',
        kind: 'batch',
        fields: [
          {
            field: 'image',
            before: 'registry.example.org/tools:1.0',
            after: 'registry.example.org/tools:1.1',
          },
          {
            field: 'commands',
            before: ['wc -l < ${reads} > ${lines}', 'echo done'],
            after: ['wc -l < ${reads} > ${lines}', 'echo more'],
          },
          { field: 'compute.cpus', before: 1, after: 2 },
        ],
      },
    ]);
  });

  it('tells steps that come, go and move, the repository and the parameters', async () => {
    const parameters =
      'Parameters:\n  Tag: {Type: String, Default: "1"}\n  Secret: {Type: String, NoEcho: true, Default: x}';
    await deploy(engine.clients, { workflow: 'moved', template: template({ parameters }) });
    const third = `
  - third:
      image: registry.example.org/tools:1.0
      inputs: {}
      commands: "true"
      outputs: {}`;
    const after = template({ parameters, order: ['second', 'first'], more: third, repository: 's3://other/${job.id}' });
    expect(await planned('moved', after, { parameters: { Tag: '2' } })).toMatchObject({
      outcome: 'update',
      steps: [{ step: 'third', change: 'added', kind: 'batch' }],
      order: { before: ['first', 'second'], after: ['second', 'first'] },
      settings: [{ field: 'Repository', before: 's3://my-data/repo/${job.id}', after: 's3://other/${job.id}' }],
      parameters: [{ field: 'Tag', before: '1', after: '2' }],
      unchanged: ['second', 'first'],
    });
    const { steps } = await planned('moved', template({ parameters, order: ['first'] }));
    expect(steps.map(({ step, change }) => [step, change])).toEqual([['second', 'removed']]);
  });

  it('compares with the live version, and says when the parameters are those of another', async () => {
    await deploy(engine.clients, { workflow: 'rolled-back', template: template() });
    await deploy(engine.clients, { workflow: 'rolled-back', template: template({ commands: ['two'] }) });
    await rollback(engine.clients, { workflow: 'rolled-back' });
    expect(await planned('rolled-back', template())).toMatchObject({
      outcome: 'unchanged',
      live: { version: 1, isNewest: false },
    });
    const { outcome, steps } = await planned('rolled-back', template({ commands: ['two'] }));
    expect({ outcome, fields: steps[0]?.fields.map(({ field }) => field) }).toEqual({
      outcome: 'update',
      fields: ['commands'],
    });
  });

  it('tells what has been changed by hand since it was deployed', async () => {
    await deploy(engine.clients, { workflow: 'by-hand', template: template() });
    const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:by-hand--1';
    const { definition = '' } = await engine.clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    await engine.clients.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn, definition: definition.replace('repo/', 'elsewhere/') }),
    );
    expect(await planned('by-hand', template())).toMatchObject({
      outcome: 'drifted',
      settings: [{ field: 'Repository', before: 's3://my-data/elsewhere/${job.id}' }],
    });
    await engine.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    expect(await planned('by-hand', template())).toMatchObject({ live: { damage: 'its state machine is gone' } });
  });

  it('tells a newer core by what it brings', async () => {
    await deploy(engine.clients, { workflow: 'older', template: template() });
    await install(engine.clients, {
      ...installOptions,
      parameters: { ...installOptions.parameters, RunnerImage: 'bclaw-runner:0.0.1' },
    });
    expect(await planned('older', template())).toMatchObject({
      outcome: 'update',
      steps: [],
      platform: [{ field: "runner's image", before: 'bclaw-runner:0.0.0', after: 'bclaw-runner:0.0.1' }],
    });
    await install(engine.clients, installOptions);
  });

  it('refuses what a deployment would refuse', async () => {
    await expect(planned('refused', template().replace('commands', 'comands'))).rejects.toBeInstanceOf(TemplateError);
    await expect(planned('re_fused', template())).rejects.toMatchObject({ code: 'bad-workflow-name' });
    await deploy(engine.clients, { workflow: 'refused', template: template() });
    const unversioned = template().replace('versioned: true', 'versioned: false');
    await expect(planned('refused', unversioned)).rejects.toMatchObject({ code: 'switches-versioning' });
  });
});

describe('a plan of every kind of step', () => {
  const everything = (options: { concurrency?: number; condition?: string; wait?: number; inner?: string } = {}) => `
Transform: BC2_Compiler
Repository: s3://my-data/repo/\${job.id}
Options: {versioned: true}
Steps:
  - split:
      scatter: {chunk: ["a", "b"], other: s3://my-data/*.txt}
      max_concurrency: ${options.concurrency ?? 2}
      inputs: {}
      steps:
        - inner:
            image: registry.example.org/tools:1.0
            inputs: {}
            commands: ${options.inner ?? 'inner'}
            outputs: {out: out.txt}
      outputs: {outs: out.txt}
  - pause: {Type: Wait, Seconds: ${options.wait ?? 1}}
  - decide:
      inputs: {what: what.json}
      choices:
        - if: ${options.condition ?? 'what.size > 3'}
          next: last
  - child:
      subpipe: other-workflow
      retrieve: [result.txt]
  - both:
      inputs: {what: what.json}
      branches:
        - if: what.left
          steps:
            - left: {Type: Pass}
        - steps:
            - right: {Type: Pass}
  - last:
      image: registry.example.org/tools:1.0
      inputs: {}
      commands: last
      outputs: {}
`;

  it('is empty for what is live, and tells each kind in its own words', async () => {
    const workflow = 'kinds';
    const first = await planned(workflow, everything());
    expect(first.steps.map(({ step, kind, inside = '' }) => [step, kind, inside])).toEqual([
      ['split', 'scatter', ''],
      ['inner', 'batch', 'split'],
      ['pause', 'native', ''],
      ['decide', 'chooser', ''],
      ['child', 'subpipe', ''],
      ['both', 'parallel chooser', ''],
      ['left', 'native', 'both'],
      ['right', 'native', 'both'],
      ['last', 'batch', ''],
    ]);
    await deploy(engine.clients, { workflow, template: everything() });
    expect(await planned(workflow, everything())).toMatchObject({ outcome: 'unchanged', steps: [], platform: [] });
    const changes = async (options: Parameters<typeof everything>[0]) =>
      (await planned(workflow, everything(options))).steps.map(({ step, change, fields }) => [
        step,
        change,
        fields.map(({ field, before, after }) => [field, before, after]),
      ]);
    expect(await changes({ concurrency: 5 })).toEqual([['split', 'changed', [['MaxConcurrency', 2, 5]]]]);
    expect(await changes({ inner: 'other' })).toEqual([['inner', 'changed', [['commands', ['inner'], ['other']]]]]);
    expect(await changes({ wait: 2 })).toEqual([['pause', 'changed', [['Seconds', 1, 2]]]]);
    expect(await changes({ condition: 'what.size > 4' })).toEqual([
      ['decide', 'changed', [['conditions', ['what.size > 3'], ['what.size > 4']]]],
    ]);
  });

  it('shares nothing with the number of steps: what hundreds of steps run is told, too', async () => {
    const many = (command: string) => `
Transform: BC2_Compiler
Repository: s3://my-data/repo/\${job.id}
Options: {versioned: true}
Steps:
${Array.from({ length: 490 }, (_, number) => `  - s${number}: {image: tools:1, inputs: {}, outputs: {}, commands: ${number === 7 ? command : `run ${number}`}}`).join('\n')}
`;
    await deploy(engine.clients, { workflow: 'many', template: many('before') });
    const { versions } = await listVersions(engine.clients, { workflow: 'many' });
    expect(versions[0]?.images).toHaveLength(490);
    const { steps, unchanged } = await planned('many', many('after'));
    expect(unchanged).toHaveLength(489);
    expect(steps).toEqual([
      {
        step: 's7',
        change: 'changed',
        kind: 'batch',
        fields: [{ field: 'commands', before: ['before'], after: ['after'] }],
      },
    ]);
  });
});
