import { defineConfig } from 'vitest/config';

// Tests against parts that we did not write: the AWS CLI, boto3, cfn-lint, podman. `install.sh` brings them.
export default defineConfig({
  resolve: { conditions: ['@bclaw/source'] },
  ssr: { resolve: { conditions: ['@bclaw/source', 'node', 'import', 'default'] } },
  test: {
    globalSetup: 'tools/build-all.mjs',
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Tests behave the same where there is a container engine and where there is none.
      BCLAW_EXECUTOR: 'process',
      // Limits of CPU time hold here.
      BCLAW_COUNT_TIMES: 'true',
    },
    include: ['conformance/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What is awaited comes when this machine has time for it.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 1,
    fileParallelism: false,
  },
});
