import { describe, expect, it } from 'vitest';
import { containerOptions, hostConfig } from '../../src/executors/container-options.js';

describe('what the container engine is asked for', () => {
  const request = {
    command: ['sh', '-veu', '/scratch/jobs/job-1/job/commands.sh'],
    workingDirectory: '/scratch/jobs/job-1/job/workspace',
    mount: '/scratch/jobs/job-1/job',
    readOnlyFiles: ['/scratch/jobs/job-1/job/workspace/genome.fa'],
    environment: { BC_STEP_NAME: 'align', EMPTY: '' },
    onOutput: () => undefined,
  };

  it("is the step's image with the commands instead of its entrypoint, in the workspace", () => {
    const volume = { type: 'volume', source: 'fs-1', target: '/mnt/db', isReadOnly: false } as const;
    const options = containerOptions('debian:12', request, [volume], {
      limits: { cpus: 2, memoryMiB: 512, shmMiB: 256 },
      environment: { AWS_BATCH_JOB_ID: 'a-job' },
      owner: 'container a-runner',
    });
    expect(options).toMatchObject({
      Image: 'debian:12',
      Entrypoint: ['sh'],
      WorkingDir: request.workingDirectory,
      Env: ['BC_STEP_NAME=align', 'EMPTY='],
      Labels: { 'bclaw.job': 'a-job', 'bclaw.runner': 'container a-runner' },
      HostConfig: {
        Mounts: [
          { Type: 'bind', Source: '/scratch/jobs/job-1/job', Target: '/scratch/jobs/job-1/job', ReadOnly: false },
          { Type: 'bind', Source: request.readOnlyFiles[0], Target: request.readOnlyFiles[0], ReadOnly: true },
          { Type: 'volume', Source: 'fs-1', Target: '/mnt/db', ReadOnly: false },
        ],
        Init: true,
        CpuShares: 2048,
        Memory: 512 * 2 ** 20,
        ShmSize: 256 * 2 ** 20,
      },
    });
    expect(options.Cmd?.slice(-3)).toEqual(request.command);
  });

  it.each([
    ['as many GPUs as the step asks for', 2, undefined, undefined, { Count: 2 }],
    ['all GPUs, which the engine calls -1', 'all', undefined, undefined, { Count: -1 }],
    ["the GPUs of the job's container", 2, 'void', ['GPU-a', 'GPU-b'], { DeviceIDs: ['GPU-a', 'GPU-b'] }],
    ['all GPUs, not the first ones, when ECS does not name those of the job', 1, 'void', undefined, { Count: -1 }],
    ['all GPUs when all are visible', 1, 'all', undefined, { Count: -1 }],
  ] as const)('is %s', (_what, gpus, visible, assigned, expected) => {
    const environment = visible === undefined ? {} : { NVIDIA_VISIBLE_DEVICES: visible };
    expect(hostConfig({ gpus }, environment, assigned).DeviceRequests).toEqual([
      { Driver: 'nvidia', Capabilities: [['gpu']], ...expected },
    ]);
  });

  it('is nothing that the step did not ask for', () => {
    expect(hostConfig({}, {})).toEqual({ Init: true, LogConfig: { Type: 'none', Config: {} } });
  });

  it.each([
    ['http://127.0.0.1:4566', 'host'],
    ['http://localhost:4566', 'host'],
    ['http://[::1]:4566', 'host'],
    ['https://s3.us-east-1.amazonaws.com', undefined],
    ['no url', undefined],
    [undefined, undefined],
  ])('is a network that reaches %s', (endpoint, expected) => {
    expect(hostConfig({}, { AWS_ENDPOINT_URL: endpoint }).NetworkMode).toBe(expected);
  });
});
