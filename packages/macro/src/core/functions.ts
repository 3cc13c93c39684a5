import { createHash } from 'node:crypto';
import { type Ref, type Resource, ref, type StateFunction } from '@bclaw/compiler';
import { type FunctionOptions, functionId, lambdaFunction } from './lambda-function.js';
import { stateFunctionOptions } from './state-function-options.js';

export interface StateFunctions {
  readonly resources: Readonly<Record<string, Resource>>;
  /** ARN with the version number, for each function. */
  readonly arns: Readonly<Record<StateFunction, Ref>>;
}

/**
 * The functions that state machines call between jobs.
 *
 * @param codeKey - key of the functions' zip file
 */
export function stateFunctions(codeKey: string): StateFunctions {
  const published = (name: StateFunction) => publishedVersion(stateFunctionOptions[name], codeKey);
  const versions: Readonly<Record<StateFunction, ReturnType<typeof publishedVersion>>> = {
    initialize: published('initialize'),
    scatter: published('scatter'),
    gather: published('gather'),
    choose: published('choose'),
    subpipeSubmit: published('subpipeSubmit'),
    subpipeRetrieve: published('subpipeRetrieve'),
  };
  return {
    resources: {
      ...Object.assign({}, ...Object.values(stateFunctionOptions).map(lambdaFunction)),
      ...Object.fromEntries(Object.values(versions).map(({ id, resource }) => [id, resource])),
    },
    arns: {
      initialize: ref(versions.initialize.id),
      scatter: ref(versions.scatter.id),
      gather: ref(versions.gather.id),
      choose: ref(versions.choose.id),
      subpipeSubmit: ref(versions.subpipeSubmit.id),
      subpipeRetrieve: ref(versions.subpipeRetrieve.id),
    },
  };
}

/**
 * The published version of a function. Its logical id changes with the code and the configuration, because
 * CloudFormation publishes one version per resource; the previous version leaves the template and is retained, because
 * deployed workflows call it by its number.
 */
function publishedVersion(options: FunctionOptions, codeKey: string) {
  const digest = createHash('sha256').update(JSON.stringify({ options, codeKey })).digest('hex').slice(0, 8);
  return {
    id: `${options.id}Version${digest}`,
    resource: {
      Type: 'AWS::Lambda::Version',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName: ref(functionId(options.id)), Description: codeKey },
    } satisfies Resource,
  };
}
