import { type Ref, type Resource, ref, type StateFunction } from '@bclaw/compiler';
import { publishedVersion } from './function-version.js';
import { lambdaFunction } from './lambda-function.js';
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
