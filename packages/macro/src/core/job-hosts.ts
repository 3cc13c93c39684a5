import { getAtt, type Resource, ref } from '@bclaw/compiler';
import { defaultScratchPath } from '@bclaw/spec/contract';
import { awsManagedPolicy, role } from './iam.js';

const roleId = 'HostRole';
const profileId = 'HostProfile';
const launchTemplateId = 'HostLaunchTemplate';

export const hostProfileArn = getAtt(profileId, 'Arn');
export const hostLaunchTemplate = {
  LaunchTemplateId: ref(launchTemplateId),
  Version: getAtt(launchTemplateId, 'LatestVersionNumber'),
};

/** The device under which EC2 attaches the scratch disk; on Nitro instances a link of that name leads to it. */
const scratchDevice = '/dev/sdh';

/**
 * Runs at the first start of a host. Batch adds its own part, so this one is MIME. The runner finds the host's Docker
 * socket at its default path; a host also needs free space at the path that job definitions mount. A host without its
 * disk takes no jobs: it shuts down, and Batch starts another.
 *
 * ECS removes the images that it pulled itself, unless they are `prefer-cached`; those of the steps are pulled by the
 * runner, so the host removes unused ones when its disk fills up.
 */
const userData = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="==bclaw=="

--==bclaw==
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
set -euo pipefail
trap 'shutdown -h now' ERR

for attempt in $(seq 60); do
  [ -b ${scratchDevice} ] && break
  sleep 1
done
blkid ${scratchDevice} >/dev/null || mkfs -t ext4 ${scratchDevice}
mkdir -p ${defaultScratchPath}
mount ${scratchDevice} ${defaultScratchPath}
chmod 1777 ${defaultScratchPath}

# Jobs get SIGTERM before a spot host goes, and time to clean up.
cat >> /etc/ecs/ecs.config <<'CONFIG'
ECS_ENABLE_SPOT_INSTANCE_DRAINING=true
ECS_CONTAINER_STOP_TIMEOUT=110s
ECS_IMAGE_PULL_BEHAVIOR=once
CONFIG

cat > /usr/local/bin/bclaw-remove-images <<'SCRIPT'
#!/bin/bash
used=$(df --output=pcent /var/lib/docker | tail -1 | tr -dc 0-9)
[ "$used" -lt 80 ] || docker image prune --all --force
SCRIPT
chmod +x /usr/local/bin/bclaw-remove-images
cat > /etc/systemd/system/bclaw-remove-images.service <<'UNIT'
[Service]
Type=oneshot
ExecStart=/usr/local/bin/bclaw-remove-images
UNIT
cat > /etc/systemd/system/bclaw-remove-images.timer <<'UNIT'
[Timer]
OnBootSec=10min
OnUnitActiveSec=10min
[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now --no-block bclaw-remove-images.timer

--==bclaw==--
`;

const disk = (DeviceName: string, sizeParameter: string) => ({
  DeviceName,
  Ebs: { VolumeSize: ref(sizeParameter), VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
});

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
        BlockDeviceMappings: [disk('/dev/xvda', 'RootVolumeSize'), disk(scratchDevice, 'ScratchVolumeSize')],
        // A host that shuts itself down is replaced.
        InstanceInitiatedShutdownBehavior: 'terminate',
        // One hop: containers cannot reach the host's credentials.
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        UserData: { 'Fn::Base64': userData },
      },
    },
  },
};
