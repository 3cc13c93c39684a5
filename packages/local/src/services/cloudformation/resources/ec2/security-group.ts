import { textOf } from '../members.js';
import { recordedType, stableId } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { list, shape, tagList, text, whole } from '../schema.js';

const either = { CidrIp: text, CidrIpv6: text, Description: text, FromPort: whole, ToPort: whole };
const egress = shape(
  { IpProtocol: text },
  { ...either, DestinationPrefixListId: text, DestinationSecurityGroupId: text },
);
const ingress = shape(
  { IpProtocol: text },
  {
    ...either,
    SourcePrefixListId: text,
    SourceSecurityGroupId: text,
    SourceSecurityGroupName: text,
    SourceSecurityGroupOwnerId: text,
  },
);

/** AWS::EC2::SecurityGroup; `Ref` is its id. */
export const ec2SecurityGroup: ResourceType = recordedType(
  {
    name: 'AWS::EC2::SecurityGroup',
    properties: shape(
      { GroupDescription: text },
      {
        GroupName: text,
        SecurityGroupEgress: list(egress),
        SecurityGroupIngress: list(ingress),
        Tags: tagList,
        VpcId: text,
      },
    ),
    createOnly: ['GroupDescription', 'GroupName', 'VpcId'],
    attributes: ['GroupId', 'Id', 'VpcId'],
    tags: { property: 'Tags', form: 'list' },
  },
  (request) => {
    const id = stableId(request, 'sg-');
    const VpcId = textOf(request.properties, 'VpcId') ?? '';
    return { physicalId: id, attributes: { GroupId: id, Id: id, VpcId } };
  },
);
