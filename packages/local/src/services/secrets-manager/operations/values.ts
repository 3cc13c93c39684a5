import Type from 'typebox';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { stages } from '../model.js';
import { addVersion, hasValue, valueMembers } from '../new-value.js';
import { invalidParameter, operation, secretId } from '../operation.js';
import type { Secrets } from '../secrets.js';

/** The values of secrets. */
export function valueOperations(secrets: Secrets): Operation[] {
  return [
    operation(
      'PutSecretValue',
      Type.Object({
        ...valueMembers,
        SecretId: secretId,
        VersionStages: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 })),
      }),
      (input) => {
        const secret = secrets.living(input.SecretId);
        if (!hasValue(input))
          throw invalidParameter('You must provide either SecretString or SecretBinary, and not both.');
        const version = addVersion(secrets, secret, input, input.VersionStages ?? [stages.current]);
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
      },
    ),

    operation(
      'GetSecretValue',
      Type.Object({
        SecretId: secretId,
        VersionId: Type.Optional(Type.String()),
        VersionStage: Type.Optional(Type.String()),
      }),
      ({ SecretId, VersionId, VersionStage }) => {
        const secret = secrets.living(SecretId);
        const stage = VersionStage ?? (VersionId === undefined ? stages.current : undefined);
        const version = secret.versions.find(
          ({ id, stages: held }) =>
            (VersionId === undefined || id === VersionId) && (stage === undefined || held.includes(stage)),
        );
        if (version === undefined) {
          const wanted = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`;
          throw new AwsError(
            'ResourceNotFoundException',
            `Secrets Manager can't find the specified secret value for ${wanted}`,
          );
        }
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          SecretString: version.secretString,
          SecretBinary: version.secretBinary,
          VersionStages: version.stages,
          CreatedDate: new Date(version.createdAt),
        };
      },
    ),
  ];
}
