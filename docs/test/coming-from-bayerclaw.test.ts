import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '@bclaw/compiler';
import { parse, parseMemory, type Workflow } from '@bclaw/spec';
import { fillCommands, globMatcher, substitute } from '@bclaw/spec/run-time';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { exampleCore } from '../../packages/cli/src/example-core.js';
import { jobFrames } from '../../packages/compiler/src/jobs/job-frame.js';
import { notificationOf } from '../../packages/functions/src/notify/notification.js';
import { refuseOtherVersions } from '../../packages/launcher/src/target.js';
import { parseArguments } from '../../packages/runner/src/arguments.js';
import { commandEnvironment } from '../../packages/runner/src/environment.js';
import { userLinePrefix } from '../../packages/runner/src/log.js';
import { fingerprintParts } from '../../packages/runner/src/stages/fingerprint.js';
import { root } from './markdown.js';

const page = readFileSync(join(root, 'docs/explanation/coming-from-bayerclaw.md'), 'utf8');

interface Section {
  readonly title: string;
  readonly text: string;
  /** The anchor for links. */
  readonly anchor: string;
}

const sections: readonly Section[] = page
  .split(/^### /m)
  .slice(1)
  .map((text) => {
    const title = text.slice(0, text.indexOf('\n'));
    return { title, text, anchor: title.toLowerCase().replaceAll(' ', '-') };
  });

function section(title: string): string {
  const found = sections.find((each) => each.title === title);
  if (found === undefined) throw new Error(`The page has no section "${title}".`);
  return found.text;
}

/** The rows of a section's table, without the backticks around a whole cell. */
function rows(title: string): string[][] {
  const lines = section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const found = lines.slice(2).map((line) => line.split(/ ?\| ?/).slice(1, -1));
  if (found.length === 0) throw new Error(`"${title}" has no table.`);
  return found.map((cells) => cells.map((cell) => /^`(.*)`$/.exec(cell)?.[1] ?? cell));
}

const rowsOf = (title: string) => rows(title).map((cells) => [cells.join(' | '), cells] as const);

/** A section's example, inserted into a complete template. */
function template({ text }: Section, kind: '' | ' instead'): string {
  const block = new RegExp(`^\`\`\`yaml${kind}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)?.[1] ?? '';
  const options = block.startsWith('Options') ? block : 'Options: {versioned: true, missing_outputs: fail}\n';
  const steps = block.startsWith('- ') ? block : '- all: {inputs: {}, commands: date}\n';
  const top = `Transform: BC2_Compiler\nRepository: s3://my-bucket/runs/\${job.id}\n${options}`;
  return block.startsWith('Transform') ? block : `${top}Steps:\n${steps.replaceAll(/^/gm, '  ')}`;
}

function compiled(workflow: Workflow | undefined) {
  if (workflow === undefined) throw new Error('The template has an error.');
  const result = compile(workflow, {
    core: exampleCore,
    deploymentId: 'docs',
    bclawVersion: '0.0.0',
    images: 'offline',
  });
  if (!result.ok) throw new Error('The template does not compile.');
  return result;
}

const told = sections.filter(({ text }) => text.includes('```yaml'));
const differences = (text: string) =>
  parse(text, { from: 'bayerclaw' }).diagnostics.filter(({ code }) => code === 'differs-from-bayerclaw');

describe('the page for those who come from BayerCLAW', () => {
  it('has no section that no test here runs', () => {
    expect(sections.map(({ title }) => title)).toEqual([
      ...['Versions', 'Missing outputs', 'Globs', 'Folders of inputs', 'Globs in quotes', 'Memory', 'Destinations'],
      ...['Short destinations', 'Values', 'Conditions', 'YAML', 'Skipped steps', 'Retries', 'Variables'],
      ...['Logs', 'Notifications', 'Stack outputs'],
    ]);
  });

  it.each(told)('$title: check tells the example, at a place, with a link to the section', (each) => {
    const text = template(each, '');
    expect(parse(text).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const found = differences(text);
    expect(found.map(({ hint }) => hint)).toContainEqual(
      expect.stringContaining(`docs/explanation/coming-from-bayerclaw.md#${each.anchor}.`),
    );
    expect(found.every(({ range, severity }) => range !== undefined && severity === 'warning')).toBe(true);
    // Users who have never used BayerCLAW do not get this warning.
    expect(parse(text).diagnostics.map(({ code }) => code)).not.toContain('differs-from-bayerclaw');
  });

  it.each(told)('$title: check tells nothing of what is written instead', (each) => {
    expect(parse(template(each, ' instead'), { from: 'bayerclaw' }).diagnostics).toEqual([]);
  });
});

describe('globs', () => {
  /** Python's fnmatch: only `*`, `?` and `[…]` are special. */
  const fnmatch = (glob: string, key: string): boolean =>
    new RegExp(
      `^${glob.replaceAll(/\[!?[^\]]+\]|[\s\S]/g, (token) =>
        token === '*'
          ? '[^]*'
          : token === '?'
            ? '[^]'
            : token.length > 1
              ? token.replace('[!', '[^')
              : token.replace(/[\\^$.|+(){}[\]]/, '\\$&'),
      )}$`,
    ).test(key);
  const word = (matches: boolean): string => (matches ? 'matches' : 'does not match');

  it.each(rowsOf('Globs'))('%s', (_row, [glob = '', key = '', there, here]) => {
    expect({ there, here }).toEqual({ there: word(fnmatch(glob, key)), here: word(globMatcher(glob)(key)) });
  });
});

describe('globs in quotes', () => {
  it.each(rowsOf('Globs in quotes'))('%s', (_row, [command = '', files = '', , here]) => {
    const data = { job: {}, scatter: {}, parent: {} };
    const words = { reads: { words: files.split(' ') } };
    const filled = fillCommands([command], data, words, { shell: 'sh', values: 'verbatim' });
    expect(filled.trimEnd().replaceAll("'", '')).toBe(here);
  });
});

describe('memory', () => {
  it.each(rowsOf('Memory'))('%s', (_row, [memory = '', , here]) => {
    const amount: unknown = JSON.parse(memory);
    if (typeof amount !== 'string' && typeof amount !== 'number') throw new Error(`${memory} is no amount.`);
    const read = parseMemory(amount);
    expect(read.ok && `${read.value} MiB`).toBe(here);
  });
});

describe('destinations', () => {
  it.each(rowsOf('Destinations'))('%s', (_row, [dest = '', there, here]) => {
    const steps = `- call: {inputs: {}, commands: date, outputs: {vcf: {name: calls.vcf, dest: "${dest}"}}}\n`;
    const { workflow } = parse(template({ title: '', text: `\`\`\`yaml\n${steps}\`\`\``, anchor: '' }, ''));
    const [step] = workflow?.steps ?? [];
    const output = step?.kind === 'batch' ? step.outputs['vcf'] : undefined;
    expect({ there: `${dest}calls.vcf`, here: `${output?.dest}${output?.file}` }).toEqual({ there, here });
  });
});

describe('short destinations', () => {
  it.each(rowsOf('Short destinations'))('%s', (_row, [output = '', there, here]) => {
    const steps = `- call: {inputs: {}, commands: date, outputs: {vcf: ${JSON.stringify(output)}}}\n`;
    const { workflow, diagnostics } = parse(
      template({ title: '', text: `\`\`\`yaml\n${steps}\`\`\``, anchor: '' }, ''),
    );
    const [step] = workflow?.steps ?? [];
    const parsed = step?.kind === 'batch' ? step.outputs['vcf'] : undefined;
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    expect(errors.length > 0 ? errors : [`${parsed?.dest?.replace(/\/$/, '')}/${parsed?.file}`]).toEqual([here]);
    expect([here, 'refused']).toContain(there);
  });
});

describe('job files', () => {
  it.each(rowsOf('Versions'))('%s', (_row, [key = '', , here]) => {
    const launch = () => refuseOtherVersions({ workflow: 'wf', versioned: true }, key);
    if (here === 'dead letter') expect(launch).toThrow('bclaw rollback wf --to 3');
    else expect(launch).not.toThrow();
  });
});

describe('notifications', () => {
  const { Message = '', MessageAttributes = {} } = notificationOf({
    workflow: 'wf',
    version: 3,
    execution: 'job_1',
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:wf--3:job_1',
    status: 'SUCCEEDED',
    jobFile: { bucket: 'launcher', key: 'wf/job.json', version: 'v1' },
    region: 'us-east-1',
  });
  const body: unknown = parseAllDocuments(Message).at(-1)?.toJS();
  const published = (name: string): unknown =>
    name.startsWith('attribute ')
      ? MessageAttributes[name.replace(/^attribute `(.*)`$/, '$1')]?.StringValue
      : ['details', ...name.split('.')].reduce((value: unknown, key) => Object(value)[key], body);

  it.each(rowsOf('Notifications'))('%s', (_row, [there = '', here = '']) => {
    expect(published(there)).toEqual(expect.any(String));
    expect(published(there)).toBe(published(here));
  });

  it('have the name of the state machine as the page says', () => {
    expect(published('state_machine_name')).toBe('wf--3');
  });
});

describe('values', () => {
  it.each(rowsOf('Values'))('%s', (_row, [value = '', , here]) => {
    const job = value === 'nothing' ? {} : { value: JSON.parse(value) };
    const write = () => substitute('${job.value}', { job, scatter: {}, parent: {} });
    if (here === 'the job fails') expect(write).toThrow(/job\.value/);
    else expect(write()).toBe(here);
  });
});

describe('conditions', () => {
  it.each(rowsOf('Conditions'))('%s', (_row, [condition, , here]) => {
    const text = `Transform: BC2_Compiler
Repository: s3://my-bucket/runs/\${job.id}
Steps:
  - choose:
      choices: [{if: ${JSON.stringify(condition)}, next: last}]
  - first: {inputs: {}, commands: date}
  - last: {inputs: {}, commands: date}
`;
    expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(here === 'works' ? [] : [here]);
  });
});

describe('YAML', () => {
  it.each(rowsOf('YAML'))('%s', (_row, [list, , here]) => {
    const text = `Transform: BC2_Compiler
Repository: s3://my-bucket/runs/\${job.id}
Steps:
  - each:
      scatter: {value: ${list}}
      steps:
        - show: {inputs: {}, commands: "echo \${scatter.value}"}
`;
    const errors = parse(text).diagnostics.filter(({ severity }) => severity === 'error');
    expect([...new Set(errors.map(({ code }) => code))]).toEqual(here === 'works' ? [] : [here]);
  });
});

describe('skipped steps', () => {
  it('are compared in all the parts that the page has, and in no others', () => {
    expect(rows('Skipped steps').map(([part]) => part)).toEqual(fingerprintParts);
  });
});

describe('retries', () => {
  it.each(rowsOf('Retries'))('%s', (_row, [code = '', , here]) => {
    const steps = '- a: {inputs: {}, commands: date, retry: {attempts: 20}}\n';
    const { workflow } = parse(template({ title: '', text: `\`\`\`yaml\n${steps}\`\`\``, anchor: '' }, ''));
    const [step] = workflow?.steps ?? [];
    if (step?.kind !== 'batch') throw new Error('The template has an error.');
    const strategy = jobFrames(exampleCore)(step).properties.RetryStrategy;
    const isFinal = strategy.EvaluateOnExit?.some(({ OnExitCode }) => OnExitCode === code);
    expect(`${isFinal ? 0 : strategy.Attempts - 1} retries`).toBe(here);
  });
});

describe('variables', () => {
  it.each(rowsOf('Variables'))('%s', (_row, [name = '', , here]) => {
    const arn = 'arn:aws:states:us-east-1:123456789012:execution:wf:job_1';
    const step = {
      image: 'i',
      shell: 'sh',
      commands: [],
      references: {},
      outputs: {},
      s3_tags: {},
      skip: 'never',
      qc: [],
    };
    const job = parseArguments([
      ...['--step', JSON.stringify(step), '--repo', 's3://data/repo', '--job_data', '-', '--index', 'main'],
      ...['--execution', arn, '--inputs', '{}', '--scatter', '{}', '--parent', '{}'],
    ]);
    const data = { job: {}, scatter: {}, parent: {} };
    const environment = commandEnvironment(
      {},
      { ...job, step: { ...step, shell: 'sh', skip: 'never' }, data, mainRepository: job.repository },
      { directory: '/w', jobDataFile: '/j', mount: '/w', scriptFile: '/s', remove: async () => undefined },
      [],
    );
    expect(name in environment ? 'set' : 'not set').toBe(here);
  });
});

describe('logs', () => {
  it('mark lines of commands as the page says', () => {
    expect(section('Logs')).toContain(`begins with \`${userLinePrefix}\``);
  });
});

describe('stack outputs', () => {
  it('have both names for one value', () => {
    const { workflow } = parse(template({ title: '', text: '', anchor: '' }, ''));
    const { Outputs } = compiled(workflow).template;
    for (const [there = '', here = ''] of rows('Stack outputs')) {
      expect(Outputs[there]?.Value).toBeDefined();
      expect(Outputs[there]?.Value).toEqual(Outputs[here]?.Value);
    }
  });
});
