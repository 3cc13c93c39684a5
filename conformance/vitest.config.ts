import { defineConfig } from 'vitest/config';

// Tests against third-party parts: the AWS CLI, boto3, cfn-lint, podman. `install.sh` installs them.
export default defineConfig({
  resolve: { conditions: ['@bclaw/source'] },
  ssr: { resolve: { conditions: ['@bclaw/source', 'node', 'import', 'default'] } },
  test: {
    globalSetup: 'tools/build-all.mjs',
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Tests behave the same with and without a container engine.
      BCLAW_EXECUTOR: 'process',
      // Enables the limits of CPU time.
      BCLAW_COUNT_TIMES: 'true',
    },
    include: ['conformance/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A longer timeout for polls, because this machine may be busy.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 1,
    fileParallelism: false,
  },
});
