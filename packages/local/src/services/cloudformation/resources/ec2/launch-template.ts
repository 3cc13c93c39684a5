import { recordedType, stableId } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { document, documents, shape, text } from '../schema.js';

/** AWS::EC2::LaunchTemplate; `Ref` is its id. Each change creates another version; the first remains the default. */
export const ec2LaunchTemplate: ResourceType = recordedType(
  {
    name: 'AWS::EC2::LaunchTemplate',
    properties: shape(
      { LaunchTemplateData: document },
      { LaunchTemplateName: text, TagSpecifications: documents, VersionDescription: text },
    ),
    createOnly: ['LaunchTemplateName'],
    attributes: ['DefaultVersionNumber', 'LatestVersionNumber', 'LaunchTemplateId'],
    changesOnUpdate: ['LatestVersionNumber'],
  },
  (request) => {
    const id = stableId(request, 'lt-');
    return {
      physicalId: id,
      attributes: { DefaultVersionNumber: '1', LatestVersionNumber: '1', LaunchTemplateId: id },
    };
  },
  (before) => ({ ...before, LatestVersionNumber: String(Number(before['LatestVersionNumber']) + 1) }),
);
