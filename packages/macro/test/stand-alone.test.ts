import { describe, expect, it } from 'vitest';
import { coreTemplate, queueTemplate, taskRoleTemplate } from '../src/index.js';
import { references } from './intrinsics.js';

const core = coreTemplate({ codeKeys: { launcher: 'l', functions: 'f', macro: 'm' }, bclawVersion: '1.0.0' });

describe.each([
  ['queue', queueTemplate('1.0.0'), ['QueueName', 'SubnetIds', 'SecurityGroupIds']],
  ['task role', taskRoleTemplate('1.0.0'), ['WritableObjects']],
])('the stand-alone template of a %s', (_what, template, required) => {
  const parameters = Object.entries(template.Parameters ?? {});

  it('refers only to what it has, and uses every parameter', () => {
    const known = [...parameters.map(([name]) => name), ...Object.keys(template.Resources)];
    const used = references(template).filter((name) => !name.startsWith('AWS::'));
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    expect(parameters.filter(([name]) => !used.includes(name))).toEqual([]);
  });

  it('asks only for what it cannot know', () => {
    expect(parameters.filter(([, parameter]) => !('Default' in parameter)).map(([name]) => name)).toEqual(required);
  });
});

describe('the queue of the stand-alone template', () => {
  it("has hosts like the core stack's", () => {
    const { HostLaunchTemplate, HostRole, HostProfile } = core.Resources;
    expect(queueTemplate('1.0.0').Resources).toMatchObject({ HostLaunchTemplate, HostRole, HostProfile });
  });
});

describe('the role of the stand-alone template', () => {
  it('writes nowhere but where it is told, and stops executions of the named core stack only', () => {
    const written = JSON.stringify(taskRoleTemplate('1.0.0').Resources['TaskRole']);
    expect(written).toContain('"Resource":{"Ref":"WritableObjects"}');
    expect(written.match(/s3:PutObject"/g)).toHaveLength(1);
    expect(written).toContain('"aws:ResourceTag/bclaw:core-stack-name":{"Ref":"CoreStackName"}');
  });
});
