import type { ScatterStep } from '@bclaw/spec';
import { stateName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { inKeyOrder } from '../canonical.js';
import { type MapState, transition } from '../states-language.js';
import { compileNested } from './block.js';
import { functionCall, stepRequest } from './function-call.js';
import type { NamedState, Scope } from './scope.js';

/**
 * A scatter is a function that expands the sources into a file of items, a distributed Map over that file, and a
 * function that lists the outputs of the branches. All data of a branch are in its item: no function runs for a branch.
 */
export function compileScatterStep(step: ScatterStep, scope: Scope): readonly NamedState[] {
  const { name, scatter, inputs, outputs } = step;
  const { core } = scope;
  const any = stateName(name, 'any');
  const map = stateName(name, 'map');
  const gather = stateName(name, 'gather');
  return [
    [
      name,
      functionCall(
        core,
        'scatter',
        {
          ...stepRequest(name),
          scatter: inKeyOrder(scatter),
          ...orderOf(scatter),
          ...given({ zip: step.zip }),
          ...(inputs === 'auto' ? { 'inputs.$': '$.prev_outputs' } : { inputs: inKeyOrder(inputs) }),
          outputs: inKeyOrder(outputs),
        },
        {
          ResultSelector: {
            'items.$': '$.Payload.items',
            'prefix.$': '$.Payload.prefix',
            'uri.$': '$.Payload.uri',
            'results.$': '$.Payload.results',
            'parent.$': '$.Payload.parent',
            'count.$': '$.Payload.count',
          },
          ResultPath: '$.branches',
        },
        any,
      ),
    ],
    // Step Functions documents no Map over a CSV file that has a header and no rows.
    [
      any,
      { Type: 'Choice', Choices: [{ Variable: '$.branches.count', NumericEquals: 0, Next: gather }], Default: map },
    ],
    [map, mapState(step, scope, gather)],
    [
      gather,
      functionCall(
        core,
        'gather',
        { ...stepRequest(name), outputs: inKeyOrder(outputs) },
        { ResultSelector: { 'manifest.$': '$.Payload.manifest' }, ResultPath: '$.prev_outputs' },
        step.next,
      ),
    ],
  ];
}

function mapState(step: ScatterStep, scope: Scope, next: string): MapState {
  const { partition } = scope.core;
  return {
    Type: 'Map',
    ItemReader: {
      Resource: `arn:${partition}:states:::s3:getObject`,
      ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
      Parameters: { 'Bucket.$': '$.branches.items.bucket', 'Key.$': '$.branches.items.key' },
    },
    ItemSelector: branchPayload(scope.depth),
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...compileNested(step.steps, { ...scope, depth: scope.depth + 1 }),
    },
    // 0 is Step Functions' default for each of them: no limit, and no tolerance.
    ...(step.maxConcurrency === 0 ? {} : { MaxConcurrency: step.maxConcurrency }),
    ...tolerance(step.errorTolerance),
    // The results of all branches together could easily exceed the payload's limit of 256 KiB.
    ResultWriter: {
      Resource: `arn:${partition}:states:::s3:putObject`,
      Parameters: { 'Bucket.$': '$.repo.bucket', 'Prefix.$': '$.branches.results' },
    },
    ResultPath: null,
    ...transition(next),
  };
}

/** The payload of a branch: its item's values and location, and the parts that it shares with the enclosing level. */
function branchPayload(depth: number) {
  const item = '$$.Map.Item.Value.index';
  return {
    'index.$': depth === 0 ? item : `States.Format('{}-{}',$.index,${item})`,
    'execution.$': '$.execution',
    'job_file.$': '$.job_file',
    'job_data.$': '$.job_data',
    repo: {
      'bucket.$': '$.repo.bucket',
      'prefix.$': `States.Format('{}/{}',$.branches.prefix,${item})`,
      'uri.$': `States.Format('{}/{}',$.branches.uri,${item})`,
    },
    prev_outputs: {},
    'scatter.$': 'States.StringToJson($$.Map.Item.Value.scatter)',
    'parent.$': '$.branches.parent',
    'share_id.$': '$.share_id',
    'job_tag.$': '$.job_tag',
  };
}

/**
 * The template's order of the sources determines the numbers of their combinations; it is sent if it is not
 * alphabetical.
 */
function orderOf(scatter: ScatterStep['scatter']): { readonly order?: readonly string[] } {
  const order = Object.keys(scatter);
  return inKeyOrder(scatter) === scatter ? {} : { order };
}

function tolerance(allowed: ScatterStep['errorTolerance']) {
  if ('percentage' in allowed)
    return allowed.percentage === 0 ? {} : { ToleratedFailurePercentage: allowed.percentage };
  return allowed.count === 0 ? {} : { ToleratedFailureCount: allowed.count };
}
