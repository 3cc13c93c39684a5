import { describe, expect, it } from 'vitest';
import { deploy, plan } from '../../src/index.js';
import { useEngine } from '../engine.js';

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
});
