import { Type } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { deploymentMembers, deploymentRequest, stackNamePattern } from '../api/deployment-input.js';
import { validationError } from '../errors.js';
import { clientRequestToken, flag, operation, stackName } from '../operation.js';
import { planDeployment } from '../stack/changes.js';
import type { DeploymentRequest, StackRecord, StackStatus } from '../stack/model.js';
import type { NewOperation, Operations } from '../stack/operations.js';
import { hasMacros, prepareDirectly } from '../stack/prepare.js';
import type { World } from '../stack/world.js';

const names = Type.Optional(Type.Array(Type.String()));
const onFailure = Type.Optional(
  Type.Union([Type.Literal('DELETE'), Type.Literal('DO_NOTHING'), Type.Literal('ROLLBACK')]),
);

/** Operations that create, update and delete stacks directly, without a change set. */
export function stackOperations(world: World, operations: Operations): Operation[] {
  const { store } = world;
  return [
    operation(
      'CreateStack',
      Type.Object({
        ...deploymentMembers,
        ClientRequestToken: clientRequestToken,
        OnFailure: onFailure,
        DisableRollback: flag,
        EnableTerminationProtection: flag,
        RetainExceptOnCreate: flag,
      }),
      async (input, { caller }) => {
        checkStackName(input.StackName);
        const request = await deploymentRequest(world, input, undefined, caller);
        if (store.find(input.StackName) !== undefined)
          throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
        const stack: StackRecord = {
          ...newStack(world, input.StackName, 'CREATE_IN_PROGRESS', request),
          disableRollback: input.DisableRollback ?? false,
          terminationProtection: input.EnableTerminationProtection ?? false,
        };
        const operation = deploying(world, stack, request, 'create');
        store.stacks.set(stack.id, stack);
        operations.begin(
          {
            ...operation,
            ...present({ clientRequestToken: input.ClientRequestToken }),
            onFailure: input.DisableRollback === true ? 'DO_NOTHING' : (input.OnFailure ?? 'ROLLBACK'),
            retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
          },
          'CREATE_IN_PROGRESS',
        );
        return { StackId: stack.id };
      },
    ),

    operation(
      'UpdateStack',
      Type.Object({
        ...deploymentMembers,
        ClientRequestToken: clientRequestToken,
        UsePreviousTemplate: flag,
        DisableRollback: flag,
        RetainExceptOnCreate: flag,
      }),
      async (input, { caller }) => {
        const request = await deploymentRequest(world, input, store.get(input.StackName), caller);
        const stack = store.get(input.StackName);
        refuseUnlessUpdatable(stack);
        const operation = deploying(world, stack, request, 'update');
        if (operation.target !== undefined && !planDeployment(world, stack, operation.target).isWorthwhile)
          throw validationError('No updates are to be performed.');
        operations.begin(
          {
            ...operation,
            ...present({ clientRequestToken: input.ClientRequestToken }),
            onFailure: input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK',
            retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
          },
          'UPDATE_IN_PROGRESS',
          takenFrom(request),
        );
        return { StackId: stack.id };
      },
    ),

    operation(
      'DeleteStack',
      Type.Object({ StackName: stackName, RetainResources: names, ClientRequestToken: clientRequestToken }),
      (input, { caller }) => {
        const stack = store.find(input.StackName);
        if (stack === undefined || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS')
          return {};
        if (stack.terminationProtection)
          throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
        if (isBusy(stack))
          throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
        const retain = input.RetainResources ?? [];
        if (retain.length > 0 && stack.status !== 'DELETE_FAILED')
          throw validationError(
            `Invalid operation on stack [${stack.id}]. Specify RetainResources only when the stack is in DELETE_FAILED state.`,
          );
        operations.begin(
          {
            stackId: stack.id,
            kind: 'delete',
            phase: 'delete',
            retain,
            ...present({ clientRequestToken: input.ClientRequestToken }),
          },
          'DELETE_IN_PROGRESS',
          present({ caller }),
        );
        return {};
      },
    ),

    operation(
      'UpdateTerminationProtection',
      Type.Object({ StackName: stackName, EnableTerminationProtection: Type.Boolean() }),
      (input) => {
        const { id } = store.get(input.StackName);
        store.update(id, { terminationProtection: input.EnableTerminationProtection });
        return { StackId: id };
      },
    ),

    operation(
      'ContinueUpdateRollback',
      Type.Object({ StackName: stackName, ResourcesToSkip: names, ClientRequestToken: clientRequestToken }),
      (input) => {
        const stack = store.get(input.StackName);
        if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
          throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`);
        operations.continueRollback(stack.id, input.ResourcesToSkip ?? []);
        return {};
      },
    ),
  ];
}

/** @throws AwsError `ValidationError` for an invalid stack name */
export function checkStackName(name: string): void {
  if (!stackNamePattern.test(name))
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
}

/** A stack without any resources yet. */
export function newStack(world: World, name: string, status: StackStatus, request: DeploymentRequest): StackRecord {
  return {
    id: world.store.arn('stack', name),
    name,
    status,
    outputs: [],
    imports: [],
    ...takenFrom(request),
    notificationArns: request.notificationArns,
    disableRollback: false,
    terminationProtection: false,
    createdAt: new Date().toISOString(),
  };
}

/** The settings that a stack takes from a request before anything is deployed. */
export function takenFrom({ roleArn, notificationArns, caller }: DeploymentRequest): Partial<StackRecord> {
  return { ...present({ roleArn, caller }), notificationArns };
}

/** @throws AwsError `ValidationError` when an update cannot start */
export function refuseUnlessUpdatable(stack: StackRecord): void {
  if (!updatable.has(stack.status))
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

const updatable = new Set<StackStatus>([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
]);

/** Returns true if an operation is in progress; a stack in review is only waiting. */
export function isBusy({ status }: StackRecord): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** A request without macros is checked immediately, one with macros after they have run. */
function deploying(
  world: World,
  stack: StackRecord,
  request: DeploymentRequest,
  kind: 'create' | 'update',
): NewOperation {
  if (hasMacros(request.templateBody)) {
    if (!request.capabilities.includes('CAPABILITY_AUTO_EXPAND'))
      throw new AwsError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]');
    return { stackId: stack.id, kind, phase: 'prepare', request };
  }
  const target = prepareDirectly(request);
  planDeployment(world, stack, target);
  return { stackId: stack.id, kind, phase: 'forward', target };
}
