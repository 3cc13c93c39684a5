import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadersFolder } from '../../docs/test/sessions.js';
import { startTestEngine, type TestEngine, until, venv } from '../engine.js';
import { Registry } from './registry.js';

const account = { username: 'ada', password: 'correct horse' };

describe("pinned images, with Debian's docker-registry", () => {
  let engine: TestEngine;
  let open: Registry;
  let closed: Registry;

  beforeAll(async () => {
    [engine, open, closed] = await Promise.all([startTestEngine(), Registry.start(), Registry.start(account)]);
    await engine.aws('s3', 'mb', 's3://results');
  });
  afterAll(() => Promise.all([engine?.stop(), open?.remove(), closed?.remove()]));

  /** Writes a template whose steps have these images. */
  async function template(pin: string, images: Readonly<Record<string, string>>): Promise<void> {
    const steps = Object.entries(images).map(
      ([step, image]) =>
        `  - ${step}:\n      image: ${image}\n      inputs: {}\n      commands: echo ${step} > \${out}\n      outputs: {out: ${step}.txt}\n`,
    );
    await writeFile(
      join(engine.folder, 'workflow.yaml'),
      `Transform: BC2_Compiler
Parameters: {Tag: {Type: String, Default: '1.0'}} # bclaw-ignore unused-parameter
Repository: s3://results/\${job.id}
Options: {versioned: true, pin_images: ${pin}}
Steps:
${steps.join('')}`,
    );
  }

  const json = async (...args: string[]): Promise<unknown> => JSON.parse(await engine.aws(...args, '--output', 'json'));
  const deploy = async (name: string, ...args: string[]) =>
    JSON.parse(await engine.bclaw('deploy', 'workflow.yaml', '--name', name, '--json', ...args));

  /** The image of a version's jobs, from the job definition in AWS Batch. */
  async function imageOf(workflow: string, step: string, version: number): Promise<string> {
    const [parameters] = await describedParameters(`${workflow}-${step}--${version}`);
    return JSON.parse(parameters ?? '').image;
  }

  const describedParameters = async (definition: string) =>
    (await json(
      'batch',
      'describe-job-definitions',
      '--job-definition-name',
      definition,
      '--query',
      'jobDefinitions[].parameters.step',
    )) as string[];

  describe('whose tag is moved between two deployments', () => {
    let first: string;
    let second: string;
    const name = 'moving';

    it('are deployed as what the tag means then', async () => {
      first = await open.push('team/tools', '1.0', 'first');
      await template('true', { count: `${open.host}/team/tools:\${Tag}` });
      expect(await deploy(name)).toMatchObject({ outcome: 'created', version: 1 });
      expect(await imageOf(name, 'count', 1)).toBe(`${open.host}/team/tools@${first}`);
    });

    it('are unchanged while the tag stays', async () => {
      expect(await deploy(name)).toMatchObject({ outcome: 'unchanged', version: 1 });
    });

    it('are a change when the tag has moved', async () => {
      second = await open.push('team/tools', '1.0', 'second');
      expect(second).not.toBe(first);
      const plan = await engine.bclaw('plan', 'workflow.yaml', '--name', name, '--json');
      expect(plan).toContain(`${open.host}/team/tools@${first}`);
      expect(plan).toContain(`${open.host}/team/tools@${second}`);
      expect(await deploy(name)).toMatchObject({ outcome: 'updated', version: 2 });
      expect(await imageOf(name, 'count', 2)).toBe(`${open.host}/team/tools@${second}`);
    });

    it('come back with a rollback', async () => {
      await engine.aws(
        ...`lambda update-alias --function-name ${name}-launcher --name live --function-version 1`.split(' '),
      );
      await writeFile(join(engine.folder, 'job.json'), '{"id": "a"}');
      await engine.aws('s3', 'cp', 'job.json', `s3://bayerclaw2-launcher-123456789012/${name}/job.json`);
      const [execution] = await until(
        async () => JSON.parse(await engine.bclaw('executions', name, '--json')),
        (executions) => executions.length === 1 && executions[0].status !== 'RUNNING',
      );
      expect(execution).toMatchObject({ status: 'SUCCEEDED', version: 1 });
      const image = await json(
        'stepfunctions',
        'get-execution-history',
        '--execution-arn',
        execution.arn,
        '--query',
        "events[?type=='TaskSucceeded'].taskSucceededEventDetails.output",
      );
      expect(JSON.stringify(image)).toContain(first);
      expect(JSON.stringify(image)).not.toContain(second);
    });

    it('are pinned when the AWS CLI deploys the template, too: the macro asks', async () => {
      const third = await open.pushIndex('team/tools', '1.1', 'third');
      await engine.aws(
        ...'cloudformation deploy --stack-name moving --template-file workflow.yaml'.split(' '),
        ...'--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --parameter-overrides Tag=1.1'.split(' '),
      );
      expect(await imageOf(name, 'count', 3)).toBe(`${open.host}/team/tools@${third}`);
    });

    it('are compiled the same way by `bclaw compile` for a core', async () => {
      const compiled = await engine.bclaw('compile', 'workflow.yaml', '--core', 'bayerclaw2');
      expect(compiled).toContain(`${open.host}/team/tools@${second}`);
      expect(await engine.bclaw('compile', 'workflow.yaml')).toContain(`${open.host}/team/tools:1.0`);
    });
  });

  it('are the index of an image for several platforms, not one platform of it', async () => {
    const index = await open.pushIndex('team/wide', '2', 'wide');
    await template('true', { one: `${open.host}/team/wide:2`, two: `${open.host}/team/wide@${index}` });
    await deploy('wide');
    expect(await imageOf('wide', 'one', 1)).toBe(`${open.host}/team/wide@${index}`);
    expect(await imageOf('wide', 'two', 1)).toBe(`${open.host}/team/wide@${index}`);
  });

  it('are deployed as the guide says, typed as it stands', async () => {
    const digest = await open.push('lab/aligner', '1.4', 'aligner');
    const reader = new ReadersFolder({ path: venv, env: { ...engine.env, REGISTRY: open.host } });
    try {
      const [first, image, second] = reader.follow('docs/how-to/pin-images.md');
      expect(first).toContain('version 1 is live');
      expect(image).toBe(`"image":"${open.host}/lab/aligner@${digest}"\n`);
      expect(second).toContain('unchanged; version 1 is live');
    } finally {
      reader.remove();
    }
  });

  describe('in a registry with passwords', () => {
    let digest: string;
    const withLogin = (secret: string) => template('true', { only: `'${closed.host}/tools:3 +auth: ${secret}'` });
    // The macro may read only secrets with this tag.
    const tags = ['--tags', 'Key=bclaw:registry,Value=true'];
    const secret = (name: string, text: string) =>
      engine.aws('secretsmanager', 'create-secret', '--name', name, '--secret-string', text, ...tags);

    beforeAll(async () => {
      digest = await closed.push('tools', '3', 'private');
      await secret('good', JSON.stringify(account));
      await secret('wrong', JSON.stringify({ ...account, password: 'guess' }));
      await secret('nonsense', 'correct horse');
    });

    it('are asked for with the secret that the template names', async () => {
      await withLogin('good');
      expect(await deploy('private')).toMatchObject({ outcome: 'created' });
      expect(await imageOf('private', 'only', 1)).toBe(`${closed.host}/tools@${digest}`);
    });

    it.each([
      ['wrong', 'refuses to answer (HTTP 401): it does not have it, or not for this login'],
      ['nonsense', 'the secret `nonsense` does not have the form of a login'],
      ['absent', 'the secret `absent` cannot be read (ResourceNotFoundException'],
    ])('are an error with the secret that is %s', async (name, message) => {
      await withLogin(name);
      await expect(deploy('refused')).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining(message) });
    });

    it('are an error without a secret', async () => {
      await template('true', { only: `${closed.host}/tools:3` });
      await expect(deploy('refused')).rejects.toMatchObject({
        code: 3,
        stderr: expect.stringContaining('for a private one write {name: …, auth: <secret>}'),
      });
    });
  });

  describe('in a registry that is not there', () => {
    beforeAll(async () => {
      await template('true', { count: `${open.host}/team/tools:1.0`, other: `${open.host}/team/tools:0.9` });
      await open.close();
    });
    afterAll(() => open.open());

    it('are an error that names each image and its place, and nothing is deployed', async () => {
      const failure = await deploy('gone').then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: 3 });
      const { stderr } = failure as { stderr: string };
      expect(stderr).toContain(
        `workflow.yaml:7:14: error unpinned-image: The image \`${open.host}/team/tools:1.0\` has no digest to pin it to: ${open.host} cannot be reached (ECONNREFUSED).`,
      );
      expect(stderr).toContain('workflow.yaml:12:14: error unpinned-image');
      await expect(engine.aws('cloudformation', 'describe-stacks', '--stack-name', 'gone')).rejects.toThrow(
        /does not exist/,
      );
    });

    it('are an error of the change set when the AWS CLI deploys', async () => {
      const deployed = engine.aws(
        ...'cloudformation deploy --stack-name gone --template-file workflow.yaml'.split(' '),
        ...'--capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND'.split(' '),
      );
      await expect(deployed).rejects.toThrow(/tools:1\.0` has no digest to pin it to/);
    });

    it('are checked without asking anybody', async () => {
      expect(await engine.bclaw('check', 'workflow.yaml')).toBe('');
    });

    it('keep their tags, with a warning, when the option says best-effort', async () => {
      await template('best-effort', { count: `${open.host}/team/tools:1.0` });
      expect(await deploy('relaxed')).toMatchObject({
        outcome: 'created',
        diagnostics: [{ code: 'unpinned-image', severity: 'warning' }],
      });
      expect(await imageOf('relaxed', 'count', 1)).toBe(`${open.host}/team/tools:1.0`);
    });
  });
});
