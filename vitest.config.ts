import { defineConfig } from 'vitest/config';

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
      // Tests behave the same where there is a container engine and where there is none.
      BCLAW_EXECUTOR: 'process',
    },
    include: [
      'packages/*/test/**/*.test.ts',
      'tools/test/**/*.test.ts',
      'docs/test/**/*.test.ts',
      'examples/test/**/*.test.ts',
    ],
    // Only for tests that hang: a busy machine can make any of them ten times slower.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What is awaited comes when this machine has time for it.
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 3,
    isolate: false,
  },
});
