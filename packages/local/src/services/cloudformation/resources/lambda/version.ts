import { AwsError } from '../../../../wire/aws-error.js';
import { type Answer, answeredObjects, answeredText, ifThere } from '../answers.js';
import { pick, requiredText } from '../members.js';
import type { ResourceRequest, ResourceState, ResourceType } from '../resource-type.js';
import { document, shape, text, whole } from '../schema.js';

/**
 * AWS::Lambda::Version: a published version; `Ref` is its ARN. It is never updated; every change publishes a new
 * version.
 */
export const lambdaVersion: ResourceType = {
  name: 'AWS::Lambda::Version',
  properties: shape(
    { FunctionName: text },
    {
      CodeSha256: text,
      Description: text,
      FunctionScalingConfig: document,
      ProvisionedConcurrencyConfig: shape({ ProvisionedConcurrentExecutions: whole }),
      RuntimePolicy: shape({ UpdateRuntimeOn: text }, { RuntimeVersionArn: text }),
    },
  ),
  createOnly: [
    'CodeSha256',
    'Description',
    'FunctionName',
    'FunctionScalingConfig',
    'ProvisionedConcurrencyConfig',
    'RuntimePolicy',
  ],
  attributes: ['FunctionArn', 'Version'],

  async survey(request) {
    return (await versions(request)).map(numberOf);
  },

  async adopt(request, survey) {
    const known = new Set(Array.isArray(survey) ? survey : []);
    const made = (await versions(request)).findLast((version) => !known.has(numberOf(version)));
    return made && stateOf(made);
  },

  async create(request) {
    const { properties } = request;
    const FunctionName = requiredText(properties, 'FunctionName');
    for (;;) {
      const { RevisionId } = await request.call('lambda', 'GetFunctionConfiguration', { FunctionName });
      const known = new Set((await versions(request)).map(numberOf));
      // The revision id prevents another client from publishing between our listing of the versions and our own
      // publish.
      const published = await ifThere(
        request.call('lambda', 'PublishVersion', {
          ...pick(properties, ['CodeSha256', 'Description', 'FunctionName']),
          RevisionId,
        }),
        'PreconditionFailedException',
      );
      if (published === undefined) continue;
      const number = numberOf(published);
      if (known.has(number))
        throw new AwsError(
          'AlreadyExists',
          `A version for this Lambda function exists ( ${number} ). Modify the function to create a new version.`,
        );
      return stateOf(published);
    }
  },

  async delete({ physicalId, attributes }, tools) {
    const FunctionName = physicalId.slice(0, physicalId.lastIndexOf(':'));
    await ifThere(
      tools.call('lambda', 'DeleteFunction', { FunctionName, Qualifier: attributes['Version'] }),
      'ResourceNotFoundException',
    );
  },
};

/** All published versions, in order of their numbers. */
async function versions(request: ResourceRequest): Promise<readonly Answer[]> {
  const found: Answer[] = [];
  let Marker: unknown;
  do {
    const answer = await request.call('lambda', 'ListVersionsByFunction', {
      FunctionName: requiredText(request.properties, 'FunctionName'),
      ...(Marker === undefined ? {} : { Marker }),
    });
    found.push(...answeredObjects(answer, 'Versions'));
    Marker = answer['NextMarker'];
  } while (Marker !== undefined);
  return found
    .filter((version) => numberOf(version) !== '$LATEST')
    .sort((a, b) => Number(numberOf(a)) - Number(numberOf(b)));
}

const numberOf = (version: Answer) => answeredText(version, 'Version');

function stateOf(version: Answer): ResourceState {
  const FunctionArn = answeredText(version, 'FunctionArn');
  return { physicalId: FunctionArn, attributes: { FunctionArn, Version: numberOf(version) } };
}
