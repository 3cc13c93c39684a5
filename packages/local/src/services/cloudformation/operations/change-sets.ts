import { Type } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { changeSetShape, changeSetSummary } from '../api/change-set-shape.js';
import { deploymentMembers, deploymentRequest } from '../api/deployment-input.js';
import { MissingExport, validationError } from '../errors.js';
import { flag, nextToken, operation, page, stackName } from '../operation.js';
import type { ChangeSetWork } from '../stack/change-set-work.js';
import { planDeployment } from '../stack/changes.js';
import type { ChangeSetRecord, DeploymentRequest, StackRecord } from '../stack/model.js';
import type { Operations } from '../stack/operations.js';
import { hasMacros, prepareDirectly } from '../stack/prepare.js';
import { Progress } from '../stack/progress.js';
import type { World } from '../stack/world.js';
import { checkStackName, isBusy, newStack, refuseUnlessUpdatable, takenFrom } from './stacks.js';

const named = Type.Object({
  ChangeSetName: Type.String({ minLength: 1 }),
  StackName: Type.Optional(Type.String()),
});

/** Operations on change sets: one request computes the changes, a later one executes them. */
export function changeSetOperations(world: World, operations: Operations, work: ChangeSetWork): Operation[] {
  const { store } = world;
  return [
    operation(
      'CreateChangeSet',
      Type.Object({
        ...deploymentMembers,
        UsePreviousTemplate: flag,
        ChangeSetName: Type.String({ pattern: '^[a-zA-Z][-a-zA-Z0-9]{0,127}$' }),
        ChangeSetType: Type.Optional(
          Type.Union([Type.Literal('CREATE'), Type.Literal('UPDATE'), Type.Literal('IMPORT')]),
        ),
        Description: Type.Optional(Type.String()),
        ImportExistingResources: flag,
        OnStackFailure: Type.Optional(
          Type.Union([Type.Literal('DELETE'), Type.Literal('DO_NOTHING'), Type.Literal('ROLLBACK')]),
        ),
      }),
      async (input, { caller }) => {
        const type = input.ChangeSetType ?? 'UPDATE';
        if (type === 'IMPORT') throw validationError('The embedded engine imports no resources into stacks.');
        const request = await deploymentRequest(world, input, existingFor(world, type, input.StackName), caller);
        const existing = existingFor(world, type, input.StackName);
        const stack = existing ?? newStack(world, input.StackName, 'REVIEW_IN_PROGRESS', request);
        const sameName = store.changeSetsOf(stack.id).find(({ name }) => name === input.ChangeSetName);
        if (sameName !== undefined && !isExecuted(sameName))
          throw new AwsError(
            'AlreadyExistsException',
            `A ChangeSet named ${input.ChangeSetName} already exists for stack ${stack.id}`,
          );
        checkTemplate(world, stack, request);
        if (sameName !== undefined) store.changeSets.delete(sameName.id);
        if (existing === undefined) {
          store.stacks.set(stack.id, stack);
          new Progress(world, { stackId: stack.id }).stack('REVIEW_IN_PROGRESS', 'User Initiated');
        }
        const changeSet: ChangeSetRecord = {
          id: store.arn('changeSet', input.ChangeSetName),
          name: input.ChangeSetName,
          stackId: stack.id,
          stackName: stack.name,
          type,
          status: 'CREATE_PENDING',
          executionStatus: 'UNAVAILABLE',
          ...present({ description: input.Description }),
          request,
          changes: [],
          ...(input.ImportExistingResources === true ? { importExisting: true } : {}),
          ...present({ onStackFailure: input.OnStackFailure }),
          createdAt: new Date().toISOString(),
        };
        store.changeSets.set(changeSet.id, changeSet);
        work.begin(changeSet.id);
        return { Id: changeSet.id, StackId: stack.id };
      },
    ),

    operation('DescribeChangeSet', Type.Object({ ...named.properties, NextToken: nextToken }), (input) => {
      return changeSetShape(store.changeSet(input.ChangeSetName, input.StackName), input.NextToken);
    }),

    operation(
      'ExecuteChangeSet',
      Type.Object({
        ...named.properties,
        ClientRequestToken: Type.Optional(Type.String()),
        DisableRollback: flag,
        RetainExceptOnCreate: flag,
      }),
      (input, { caller }) => {
        const changeSet = store.changeSet(input.ChangeSetName, input.StackName);
        const stack = store.get(changeSet.stackId);
        const { deployment, executionStatus, status, onStackFailure, importExisting } = changeSet;
        if (deployment === undefined || executionStatus !== 'AVAILABLE')
          throw new AwsError(
            'InvalidChangeSetStatus',
            `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${executionStatus === 'OBSOLETE' ? executionStatus : status}]`,
          );
        const isCreate = stack.status === 'REVIEW_IN_PROGRESS';
        if (!isCreate) refuseUnlessUpdatable(stack);
        store.changeSets.set(changeSet.id, { ...changeSet, executionStatus: 'EXECUTE_IN_PROGRESS' });
        operations.begin(
          {
            stackId: stack.id,
            kind: isCreate ? 'create' : 'update',
            phase: 'forward',
            target: deployment,
            ...(importExisting === true ? { importExisting } : {}),
            ...present({ clientRequestToken: input.ClientRequestToken }),
            onFailure: input.DisableRollback === true ? 'DO_NOTHING' : (onStackFailure ?? 'ROLLBACK'),
            retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
          },
          isCreate ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
          { ...takenFrom(changeSet.request), ...present({ caller }), changeSetId: changeSet.id },
        );
        return {};
      },
    ),

    operation('DeleteChangeSet', named, (input) => {
      const changeSet = store.changeSet(input.ChangeSetName, input.StackName);
      if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS')
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${changeSet.id}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]`,
        );
      store.changeSets.delete(changeSet.id);
      return {};
    }),

    operation('ListChangeSets', Type.Object({ StackName: stackName, NextToken: nextToken }), (input) => {
      const key = ({ createdAt, id }: ChangeSetRecord) => `${createdAt} ${id}`;
      const { items, nextToken } = page(store.changeSetsOf(store.get(input.StackName).id), key, input.NextToken);
      return { Summaries: items.map(changeSetSummary), NextToken: nextToken };
    }),
  ];
}

/** The name of a change set is free again once it was executed. */
const isExecuted = ({ executionStatus }: ChangeSetRecord) =>
  executionStatus === 'EXECUTE_COMPLETE' || executionStatus === 'EXECUTE_FAILED';

/**
 * Refuses a template with an error before there is a change set. What macros make of a template, and exports that are
 * missing, are found only when the change set is worked out.
 *
 * @throws AwsError `ValidationError`
 */
function checkTemplate(world: World, stack: StackRecord, request: DeploymentRequest): void {
  if (hasMacros(request.templateBody)) return;
  const deployment = prepareDirectly(request);
  try {
    planDeployment(world, stack, deployment);
  } catch (error) {
    if (!(error instanceof MissingExport)) throw error;
  }
}

/**
 * Returns the stack for a change set: one in review or none for a CREATE, one with no operation in progress for an
 * UPDATE.
 */
function existingFor({ store }: World, type: 'CREATE' | 'UPDATE', name: string): StackRecord | undefined {
  const stack = store.find(name);
  if (type === 'CREATE') {
    if (stack === undefined) {
      checkStackName(name);
      return undefined;
    }
    if (stack.status !== 'REVIEW_IN_PROGRESS')
      throw validationError(
        `Stack [${stack.name}] already exists and cannot be created again with the changeSet [CREATE]. (It is in ${stack.status} state.)`,
      );
    return stack;
  }
  if (stack === undefined) throw validationError(`Stack [${name}] does not exist`);
  if (isBusy(stack) || stack.status !== 'REVIEW_IN_PROGRESS') refuseUnlessUpdatable(stack);
  else
    throw validationError(
      `Stack [${stack.name}] is in REVIEW_IN_PROGRESS state: create its change set with ChangeSetType CREATE.`,
    );
  return stack;
}
