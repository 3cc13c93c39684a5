// The allowed imports of each package: the edges of docs/explanation/architecture.md, as data. `imports` are packages,
// or single modules of them (`@bclaw/spec/contract`). `node` is true (all of Node.js), false (none: the package must
// also run in a browser) or a list of modules.
const aws = (...names) => names.map((name) => `@aws-sdk/client-${name}`);

export const rules = {
  spec: {
    imports: [
      'typebox',
      'yaml',
      '@lezer/python',
      '@lezer/common',
      '@jmespath-community/jmespath',
      're2js',
      'lossless-json',
      // The parser is needed because `check` parses the selectors of scatter sources.
      'json-p3',
    ],
    node: false,
    why: 'spec is the language alone: no AWS, no I/O, runs in a browser',
  },
  compiler: {
    imports: ['@bclaw/spec', '@noble/hashes'],
    node: false,
    why: 'the compiler is a pure function: no AWS SDK, I/O, clock or randomness',
  },
  graph: {
    imports: ['@bclaw/spec', '@dagrejs/dagre'],
    node: false,
    why: 'graph draws the model alone: no I/O, no AWS, runs in a browser',
  },
  launcher: {
    imports: ['@bclaw/spec/contract', '@bclaw/spec/given', ...aws('sfn', 's3', 'sqs')],
    node: false,
    why: 'the launcher is on the cold path of every job: constants and nothing that slows its start',
  },
  functions: {
    imports: ['@bclaw/spec', ...aws('s3', 'lambda', 'sns'), 'csv-parse', 'yaml'],
    node: true,
    why: 'functions get the least that they need and never see the compiler',
  },
  runner: {
    imports: ['@bclaw/spec', ...aws('s3', 'sfn', 'ecr', 'secrets-manager'), 'dockerode', 'p-limit'],
    node: true,
    why: 'the runner knows the language and its own job, never the compiler',
  },
  images: {
    imports: ['@bclaw/spec', 'p-limit', ...aws('ecr', 'secrets-manager')],
    node: true,
    why: 'images asks registries; what a workflow compiles to is not its business',
  },
  macro: {
    imports: ['@bclaw/spec', '@bclaw/compiler', '@bclaw/images', ...aws('s3')],
    node: true,
    why: 'the macro wraps the compiler; operations are not its business',
  },
  ops: {
    imports: [
      '@bclaw/spec',
      '@bclaw/compiler',
      '@bclaw/images',
      '@bclaw/launcher',
      ...aws('s3', 'sfn', 'sqs', 'lambda', 'batch', 'cloudformation', 'cloudwatch-logs', 'sts'),
    ],
    node: true,
    why: 'ops is a library over AWS: it never knows the embedded engine',
  },
  local: {
    imports: [
      '@bclaw/runner',
      // RFC 9535 alone, nothing of bclaw's language.
      '@bclaw/spec/json-path',
      'csv-parse',
      'fast-xml-parser',
      'fflate',
      'jsonata',
      'json-p3',
      'typebox',
      'yaml',
      ...aws(
        'batch',
        'cloudformation',
        'cloudwatch-logs',
        'eventbridge',
        'lambda',
        's3',
        'secrets-manager',
        'sfn',
        'sns',
        'sqs',
        'sts',
      ),
    ],
    node: true,
    why: 'the embedded engine speaks AWS, not bclaw: it knows the runner and nothing else of ours',
  },
  cli: {
    imports: [
      '@bclaw/spec',
      '@bclaw/compiler',
      '@bclaw/graph',
      '@bclaw/ops',
      '@bclaw/local',
      '@bclaw/macro',
      '@bclaw/launcher',
      '@bclaw/functions',
      '@bclaw/runner',
      '@commander-js/extra-typings',
      'commander',
      'picocolors',
      'cli-table3',
      'cli-truncate',
      'string-width',
      '@clack/prompts',
      'fflate',
    ],
    node: true,
    why: 'commands are thin: logic lives in ops, spec, compiler and local',
  },
};

/** Accepted import cycles inside a package, with the reason; every other one is rejected. */
export const allowedCycles = {
  compiler: [
    {
      files: ['block', 'native', 'parallel-chooser', 'scatter'].map((name) => `states/${name}.ts`),
      why: 'steps hold blocks and blocks hold steps: compiling one goes through the other',
    },
  ],
  local: [
    {
      files: ['attempts', 'run-graph', 'run-map', 'run-parallel', 'run-state', 'run-task', 'run-wait'].map(
        (name) => `services/states/interpreter/run/${name}.ts`,
      ),
      why: 'states hold graphs of states: running one goes through the other',
    },
    {
      files: ['environment', 'run', 'thread'].map((name) => `services/states/interpreter/run/${name}.ts`),
      why: 'types only: a run has an environment, whose operations are given the run',
    },
  ],
};
