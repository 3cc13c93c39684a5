import { type Answer, answeredObjects, answeredText, ifThere } from '../answers.js';
import { pick } from '../members.js';
import type { ResourceState, ResourceType } from '../resource-type.js';
import { flag, list, shape, text, texts, whole } from '../schema.js';

const settingMembers = [
  'BatchSize',
  'Enabled',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
];

/** Values that an update sets for properties that the template omits: Lambda's defaults for a queue. */
const defaults = {
  BatchSize: 10,
  Enabled: true,
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
  ScalingConfig: {},
};

/** AWS::Lambda::EventSourceMapping of a queue; `Ref` is its UUID. */
export const lambdaEventSourceMapping: ResourceType = {
  name: 'AWS::Lambda::EventSourceMapping',
  properties: shape(
    { EventSourceArn: text, FunctionName: text },
    {
      BatchSize: whole,
      Enabled: flag,
      FunctionResponseTypes: texts,
      MaximumBatchingWindowInSeconds: whole,
      ScalingConfig: shape({}, { MaximumConcurrency: whole }),
      Tags: list(shape({ Key: text, Value: text })),
    },
  ),
  createOnly: ['EventSourceArn'],
  attributes: ['EventSourceMappingArn', 'Id'],
  tags: { property: 'Tags', form: 'list' },

  async find(request) {
    const answer = await request.call(
      'lambda',
      'ListEventSourceMappings',
      pick(request.properties, ['EventSourceArn', 'FunctionName']),
    );
    const [mapping] = answeredObjects(answer, 'EventSourceMappings');
    return mapping && stateOf(mapping);
  },

  async create(request) {
    const { properties } = request;
    return stateOf(
      await request.call('lambda', 'CreateEventSourceMapping', pick(properties, ['EventSourceArn', ...settingMembers])),
    );
  },

  async update(request, { physicalId }) {
    const settings = { ...defaults, ...pick(request.properties, settingMembers) };
    return stateOf(await request.call('lambda', 'UpdateEventSourceMapping', { UUID: physicalId, ...settings }));
  },

  async delete({ physicalId }, tools) {
    await ifThere(
      tools.call('lambda', 'DeleteEventSourceMapping', { UUID: physicalId }),
      'ResourceInUseException',
      'ResourceNotFoundException',
    );
    // Its last invocations end first: what they call is deleted next.
    while (
      await ifThere(tools.call('lambda', 'GetEventSourceMapping', { UUID: physicalId }), 'ResourceNotFoundException')
    )
      await new Promise((resolve) => setTimeout(resolve, pollMs));
  },
};

const pollMs = 50;

function stateOf(mapping: Answer): ResourceState {
  const Id = answeredText(mapping, 'UUID');
  return {
    physicalId: Id,
    attributes: { Id, EventSourceMappingArn: answeredText(mapping, 'EventSourceMappingArn') },
  };
}
