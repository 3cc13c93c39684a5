import { describe, expect, it } from 'vitest';
import { assignedGpus } from '../../src/executors/own-container.js';

describe("the GPUs of the runner's own container", () => {
  const gpus = (variable: string | undefined, requests?: readonly object[] | null) =>
    assignedGpus({
      Config: { Env: ['PATH=/usr/bin', ...(variable === undefined ? [] : [`NVIDIA_VISIBLE_DEVICES=${variable}`])] },
      HostConfig: requests === undefined ? {} : { DeviceRequests: requests as never },
    });

  it('are those that ECS wrote into its configuration, whatever a process in it sees', () => {
    expect(gpus('GPU-a,GPU-b')).toEqual(['GPU-a', 'GPU-b']);
    expect(gpus('nvidia.com/gpu=GPU-a,nvidia.com/gpu=1')).toEqual(['GPU-a', '1']);
  });

  it('are those that its devices were requested by', () => {
    expect(gpus('void', [{ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=GPU-a', 'nvidia.com/gpu=GPU-b'] }])).toEqual([
      'GPU-a',
      'GPU-b',
    ]);
    expect(gpus(undefined, [{ Driver: 'nvidia', DeviceIDs: ['GPU-c'], Capabilities: [['gpu']] }])).toEqual(['GPU-c']);
    expect(gpus('GPU-a', [{ Driver: 'cdi', DeviceIDs: ['vendor.com/net=nic0'] }])).toEqual(['GPU-a']);
  });

  it.each([undefined, '', 'all', 'none', 'void'])('are not known from the value %j', (variable) => {
    expect(gpus(variable)).toEqual([]);
    expect(gpus(variable, null)).toEqual([]);
    expect(gpus(variable, [{ Count: -1, Capabilities: [['gpu']] }])).toEqual([]);
  });
});
