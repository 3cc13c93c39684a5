import { AwsError } from '../../../wire/aws-error.js';
import type { Template } from './template.js';

export type Capability = 'CAPABILITY_AUTO_EXPAND' | 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM';

/** IAM types that require CAPABILITY_IAM → the property that, when set, requires CAPABILITY_NAMED_IAM. */
const iamNames: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
};

/** The capabilities that a template requires, and the resource types that require them. */
export function requiredCapabilities(template: Template): { capabilities: Capability[]; types: string[] } {
  const iam = Object.values(template.resources).filter(({ type }) => Object.hasOwn(iamNames, type));
  if (iam.length === 0) return { capabilities: [], types: [] };
  const named = iam.some(({ type, properties }) => {
    const name = iamNames[type];
    return name !== undefined && properties[name] !== undefined;
  });
  const types = [...new Set(iam.map(({ type }) => type))];
  return { capabilities: [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'], types };
}

/**
 * @throws AwsError `InsufficientCapabilitiesException`
 */
export function checkCapabilities(required: readonly Capability[], given: readonly string[]): void {
  const missing = required.filter(
    (capability) =>
      !given.includes(capability) && !(capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
  if (missing.length > 0)
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}
