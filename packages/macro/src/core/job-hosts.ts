import { getAtt, type Resource, ref } from '@bclaw/compiler';
import { awsManagedPolicy, role } from './iam.js';

const roleId = 'HostRole';
const profileId = 'HostProfile';
const launchTemplateId = 'HostLaunchTemplate';

export const hostProfileArn = getAtt(profileId, 'Arn');
export const hostLaunchTemplate = {
  LaunchTemplateId: ref(launchTemplateId),
  Version: getAtt(launchTemplateId, 'LatestVersionNumber'),
};

/**
 * Runs at the first start of a host. Batch adds its own part, so this one is MIME. The runner finds the host's Docker
 * socket at its default path; a host also needs free space at the path that job definitions mount.
 */
const userData = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="==bclaw=="

--==bclaw==
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
set -euo pipefail
mkdir -p /scratch
chmod 1777 /scratch
# Jobs get SIGTERM before a spot host goes, and time to clean up.
cat >> /etc/ecs/ecs.config <<'CONFIG'
ECS_ENABLE_SPOT_INSTANCE_DRAINING=true
ECS_CONTAINER_STOP_TIMEOUT=110s
ECS_IMAGE_PULL_BEHAVIOR=prefer-cached
CONFIG

--==bclaw==--
`;

/** The EC2 instances that jobs run on. */
export const jobHostResources: Readonly<Record<string, Resource>> = {
  [roleId]: role({
    description: 'Role of the hosts of jobs: joins the cluster, no more; jobs have roles of their own',
    service: 'ec2.amazonaws.com',
    managedPolicies: [awsManagedPolicy('service-role/AmazonEC2ContainerServiceforEC2Role')],
    grants: [],
  }),
  [profileId]: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref(roleId)] } },
  [launchTemplateId]: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: {
      LaunchTemplateData: {
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvda',
            Ebs: { VolumeSize: ref('ScratchGiB'), VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
          },
        ],
        // One hop: containers cannot reach the host's credentials.
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        UserData: { 'Fn::Base64': userData },
      },
    },
  },
};
