import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../src/services/cloudformation/json.js';
import {
  checkCapabilities,
  requiredCapabilities,
} from '../../../../src/services/cloudformation/template/capabilities.js';
import { readTemplate } from '../../../../src/services/cloudformation/template/template.js';

const queue = { Type: 'AWS::SQS::Queue' };

describe('readTemplate', () => {
  it('fills in what a resource leaves out', () => {
    expect(readTemplate({ Resources: { Q: queue } }).resources['Q']).toEqual({
      type: 'AWS::SQS::Queue',
      properties: {},
      dependsOn: [],
      condition: undefined,
      deletionPolicy: 'Delete',
      updateReplacePolicy: 'Delete',
      metadata: undefined,
    });
  });

  it.each<[string, JsonObject, RegExp]>([
    ['no resources', {}, /^Template format error: At least one Resources member must be defined\.$/],
    [
      'an unknown section',
      { Steps: [], Resources: { Q: queue } },
      /^Invalid template property or properties \[Steps\]$/,
    ],
    [
      'a null that a macro has left',
      { Resources: { Q: { ...queue, Properties: { Tags: [null] } } } },
      /^Template format error: \[\/Resources\/Q\/Properties\/Tags\/0\] 'null' values are not allowed in templates$/,
    ],
    ['a resource without a type', { Resources: { Q: {} } }, /Every Resources object must contain a Type member\./],
    [
      'a resource with a strange key',
      { Resources: { Q: { ...queue, Propertys: {} } } },
      /Invalid template resource property 'Propertys'/,
    ],
    ['a name with a dash', { Resources: { 'a-b': queue } }, /Resource name a-b is non alphanumeric/],
    [
      'an unknown policy',
      { Resources: { Q: { ...queue, DeletionPolicy: 'Keep' } } },
      /Unrecognized DeletionPolicy "Keep"/,
    ],
    [
      'an update policy that only deletion has',
      { Resources: { Q: { ...queue, UpdateReplacePolicy: 'RetainExceptOnCreate' } } },
      /Unrecognized UpdateReplacePolicy "RetainExceptOnCreate"/,
    ],
    [
      'an output without a value',
      { Resources: { Q: queue }, Outputs: { O: {} } },
      /Every Outputs member must contain a Value/,
    ],
    [
      'a condition that is not there',
      { Resources: { Q: { ...queue, Condition: 'C' } } },
      /Unresolved condition dependency C/,
    ],
    [
      'more resources than CloudFormation takes',
      { Resources: Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`Q${index}`, queue])) },
      /Number of resources, 501, is greater than maximum allowed, 500/,
    ],
  ])('refuses %s', (_what, source, message) => {
    expect(() => readTemplate(source)).toThrow(message);
  });
});

describe('Capabilities', () => {
  const required = (resource: Json) => requiredCapabilities(readTemplate({ Resources: { R: resource } })).capabilities;

  it('are asked for what IAM grants, and more for what is named', () => {
    expect(required(queue)).toEqual([]);
    expect(required({ Type: 'AWS::IAM::Role' })).toEqual(['CAPABILITY_IAM']);
    expect(required({ Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } })).toEqual(['CAPABILITY_NAMED_IAM']);
    expect(required({ Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p' } })).toEqual(['CAPABILITY_IAM']);
  });

  it('are checked, where the greater covers the lesser', () => {
    checkCapabilities(['CAPABILITY_IAM'], ['CAPABILITY_NAMED_IAM']);
    expect(() => checkCapabilities(['CAPABILITY_NAMED_IAM'], ['CAPABILITY_IAM'])).toThrow(
      expect.objectContaining({
        code: 'InsufficientCapabilitiesException',
        message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
      }),
    );
  });
});
