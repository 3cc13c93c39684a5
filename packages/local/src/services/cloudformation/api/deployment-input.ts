import { type Static, Type } from 'typebox';
import type { Caller } from '../../../kernel/access/caller.js';
import { callingAs } from '../../../kernel/access/calling-as.js';
import { validationError } from '../errors.js';
import type { DeploymentRequest, StackRecord } from '../stack/model.js';
import type { World } from '../stack/world.js';
import { readParameterDeclarations, resolveParameters } from '../template/parameters.js';
import { parseTemplate } from '../template/parse-template.js';
import { templateText } from './template-source.js';

const Parameter = Type.Object({
  ParameterKey: Type.Optional(Type.String()),
  ParameterValue: Type.Optional(Type.String()),
  UsePreviousValue: Type.Optional(Type.Boolean()),
});
const Tag = Type.Object({ Key: Type.String({ minLength: 1, maxLength: 128 }), Value: Type.String({ maxLength: 256 }) });

/** Members that CreateStack, UpdateStack and CreateChangeSet share. */
export const deploymentMembers = {
  StackName: Type.String({ minLength: 1 }),
  TemplateBody: Type.Optional(Type.String({ minLength: 1 })),
  TemplateURL: Type.Optional(Type.String({ minLength: 1, maxLength: 5120 })),
  Parameters: Type.Optional(Type.Array(Parameter, { maxItems: 200 })),
  Capabilities: Type.Optional(
    Type.Array(
      Type.Union([
        Type.Literal('CAPABILITY_AUTO_EXPAND'),
        Type.Literal('CAPABILITY_IAM'),
        Type.Literal('CAPABILITY_NAMED_IAM'),
      ]),
    ),
  ),
  Tags: Type.Optional(Type.Array(Tag, { maxItems: 50 })),
  RoleARN: Type.Optional(Type.String()),
  NotificationARNs: Type.Optional(Type.Array(Type.String())),
} as const;
const DeploymentInput = Type.Object(deploymentMembers);

/** A new stack's name. */
export const stackNamePattern = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/**
 * The deployment that a request describes; omitted settings default to those of the stack.
 *
 * @param caller - who asks, as whom the template is read
 * @throws AwsError `ValidationError`
 */
export async function deploymentRequest(
  world: World,
  input: Static<typeof DeploymentInput> & { readonly UsePreviousTemplate?: boolean },
  stack: StackRecord | undefined,
  caller: Caller | undefined,
): Promise<DeploymentRequest> {
  const before = stack?.deployment;
  const text =
    input.UsePreviousTemplate === true
      ? before?.templateBody
      : await templateText(callingAs(world.context, caller), input);
  if (text === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  const declarations = readParameterDeclarations(parseTemplate(text));
  const roleArn = input.RoleARN ?? stack?.roleArn;
  return {
    templateBody: text,
    parameters: resolveParameters(declarations, input.Parameters ?? [], before?.parameters ?? {}),
    capabilities: input.Capabilities ?? [],
    tags:
      input.Tags === undefined
        ? (before?.tags ?? {})
        : Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value])),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(caller === undefined ? {} : { caller }),
    notificationArns: input.NotificationARNs ?? stack?.notificationArns ?? [],
  };
}
