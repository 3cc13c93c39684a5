import { defineConfig } from 'vitest/config';

// Tests against third-party parts: the AWS CLI, boto3, cfn-lint, podman. `install.sh` installs them.
export default defineConfig({
  resolve: { conditions: ['@bclaw/source'] },
  ssr: { resolve: { conditions: ['@bclaw/source', 'node', 'import', 'default'] } },
  test: {
    globalSetup: 'tools/build-all.mjs',
    setupFiles: 'tools/fixed-seed.ts',
    // In CI a second attempt, reported as `retry x1`: a process that this machine kept waiting must not hide 4,000 results.
    // At one's desk each failure counts.
    retry: process.env['CI'] === undefined ? 0 : 1,
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
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 1,
    fileParallelism: false,
  },
});
