import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../../packages/local/test/signed.js';
import { until } from '../engine.js';
import { countProved, proves, unproved, wasTyped } from './citations.js';
import { Reader, stateMachineArn } from './reader.js';
import { seed, seedCommands, seedRollback } from './the-seed.js';

/**
 * One story, in the seed's order, with the real AWS CLI on a running engine: each section continues with the state of
 * the previous one. Only the endpoint differs from AWS (AWS_ENDPOINT_URL, which for the AWS CLI is the same as
 * --endpoint-url).
 */
describe('the seed, sentence by sentence, with the AWS CLI', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await Reader.start();
  });
  afterAll(() => reader?.engine.stop());

  /** The execution of a sample on a version has succeeded, and no other version has one. */
  const ranOnlyOn = async (version: number, sample: string): Promise<void> => {
    const machine = `my-workflow--${version}`;
    expect(await reader.ended(machine, sample)).toMatchObject({ status: 'SUCCEEDED' });
    for (const other of await reader.stateMachines('my-workflow')) {
      const names = (await reader.executions(other)).map(({ name }) => name.replace(/_.*/, ''));
      expect(names.filter((name) => name === sample)).toHaveLength(other === machine ? 1 : 0);
    }
  };

  describe('Using Versioned Workflows', () => {
    it(
      proves(
        'Workflow versioning is activated using the `versioned` Option',
        'the ability to create versioned workflows',
      ),
      async () => {
        await reader.deploy('my-workflow', { lastStep: 'report' }, '1.0');
        expect(await reader.stateMachines('my-workflow')).toEqual(['my-workflow--1']);
      },
    );

    it(
      proves('allows new versions of the workflow to be deployed even while jobs are running on the old version'),
      async () => {
        const hold = await reader.hold();
        await reader.submit('my-workflow', 'long', hold);
        await until(
          () =>
            reader.type(
              "aws batch list-jobs --job-queue bayerclaw2-spot --job-status RUNNING --query 'jobSummaryList[].jobName'",
            ),
          (jobs) => jobs.includes('long'),
        );
        await reader.deploy('my-workflow', { lastStep: 'summary' }, '2.0');
        expect(await reader.live('my-workflow')).toBe(2);
        const [running] = await reader.executions('my-workflow--1');
        expect(running).toMatchObject({ status: 'RUNNING' });
        await reader.release(hold);

        // It ended with its original definition: version 2 has no step "report", and another tag.
        const ended = await reader.ended('my-workflow--1', 'long');
        expect(ended).toMatchObject({ status: 'SUCCEEDED' });
        expect(await reader.result('long')).toBe('report of 3 lines, tag 1.0, version 1');
        expect(await reader.usedJobDefinitions(ended)).toEqual(['my-workflow-count--1', 'my-workflow-report--1']);
        expect(await reader.executions('my-workflow--2')).toEqual([]);
      },
    );

    it(
      proves(
        'will give rise to state machines named my-workflow--1, my-workflow--2, my-workflow--3, etc.',
        'Each update to the workflow stack creates a new version.',
      ),
      async () => {
        await reader.deploy('my-workflow', { lastStep: 'summary' }, '3.0');
        expect(await reader.stateMachines('my-workflow')).toEqual([
          'my-workflow--1',
          'my-workflow--2',
          'my-workflow--3',
        ]);
        // The template of version 1 again is an update, too.
        await reader.deploy('my-workflow', { lastStep: 'report' }, '1.0');
        expect(await reader.stateMachines('my-workflow')).toHaveLength(4);
        expect(await reader.live('my-workflow')).toBe(4);
      },
    );

    it(proves('old versions are **not** automatically deleted'), async () => {
      for (const version of [1, 2, 3]) {
        const status = await reader.ask(
          `aws stepfunctions describe-state-machine --state-machine-arn ${stateMachineArn(`my-workflow--${version}`)} --query status`,
        );
        expect(status).toBe('ACTIVE');
        const launcher = await reader.ask(
          `aws lambda get-function-configuration --function-name my-workflow-launcher:${version} --query State`,
        );
        expect(launcher).toBe('Active');
      }
      // Steps that newer versions no longer have exist as well.
      expect(Object.keys(await reader.jobDefinitions('my-workflow')).sort()).toEqual([
        'my-workflow-count--1',
        'my-workflow-count--2',
        'my-workflow-count--3',
        'my-workflow-count--4',
        'my-workflow-report--1',
        'my-workflow-report--4',
        'my-workflow-summary--2',
        'my-workflow-summary--3',
      ]);
    });

    it(
      proves(
        'the launcher bucket is not',
        'by adding job data files to the folder `s3://bayerclaw2-launcher-123456789012/my-workflow/`',
        'keeps track of the active state machine version and directs incoming jobs to it',
      ),
      async () => {
        const buckets = await reader.ask<string[]>('aws s3api list-buckets --query Buckets[].Name');
        expect(buckets.filter((name) => name.includes('launcher'))).toEqual(['bayerclaw2-launcher-123456789012']);
        await reader.submit('my-workflow', 'incoming');
        await ranOnlyOn(4, 'incoming');
      },
    );

    it(
      proves('not possible to submit jobs to older versions of a workflow without first performing a rollback'),
      async () => {
        // Folders that a user might try for version 1.
        for (const folder of ['my-workflow--1', 'my-workflow:1', 'my-workflow-1', 'my-workflow.1'])
          await reader.putJobFile(`${folder}/elsewhere.json`, 'elsewhere');
        await reader.putJobFile('my-workflow/1/within.json', 'within');
        await reader.putJobFile('my-workflow/--1/dashes.json', 'dashes');
        expect(await reader.ended('my-workflow--4', '1-within')).toMatchObject({ status: 'SUCCEEDED' });
        expect(await reader.ended('my-workflow--4', '1-dashes')).toMatchObject({ status: 'SUCCEEDED' });
        expect((await reader.executions('my-workflow--4')).map(({ name }) => name)).not.toContainEqual(
          expect.stringContaining('elsewhere'),
        );
        for (const version of [1, 2, 3]) {
          const names = (await reader.executions(`my-workflow--${version}`)).map(({ name }) => name.replace(/_.*/, ''));
          expect(names).toEqual(version === 1 ? ['long'] : []);
        }
      },
    );
  });

  describe('Rolling Back to Earlier Versions', () => {
    it(
      proves('Each workflow has its own launcher Lambda (named something like <workflow-name>-launcher)'),
      async () => {
        await reader.deployWithBclaw('other-workflow', { lastStep: 'report' });
        const functions = await reader.ask<string[]>('aws lambda list-functions --query Functions[].FunctionName');
        expect(functions.filter((name) => name.endsWith('-workflow-launcher')).sort()).toEqual([
          'my-workflow-launcher',
          'other-workflow-launcher',
        ]);
      },
    );

    it(proves('each workflow version has a corresponding version of that Lambda'), async () => {
      const published = await reader.ask<string[]>(
        'aws lambda list-versions-by-function --function-name my-workflow-launcher --query Versions[].Version',
      );
      const numbers = published.filter((version) => version !== '$LATEST').map((version) => `my-workflow--${version}`);
      expect(numbers.sort()).toEqual(await reader.stateMachines('my-workflow'));
    });

    it(proves('designated by an alias named `live`'), async () => {
      const aliases = await reader.ask(
        "aws lambda list-aliases --function-name my-workflow-launcher --query 'Aliases[].[Name, FunctionVersion]'",
      );
      expect(aliases).toEqual([['live', '4']]);
    });

    it(
      proves(
        'The alias can be changed using the AWS CLI `lambda update-alias` command',
        'you want to roll it back to version 1, you can issue the command:',
        'workflows to be rolled back to earlier versions',
        'rolled back to a previous state by redirecting incoming traffic',
      ),
      async () => {
        await reader.type(seedRollback);
        await reader.submit('my-workflow', 'after');
        await ranOnlyOn(1, 'after');
        expect(await reader.result('after')).toBe('report of 3 lines, tag 1.0, version 1');
      },
    );

    it(proves('It is also possible to perform a rollback by editing the alias on the AWS Lambda console'), async () => {
      // The console sends the complete form of the alias to Lambda's API: name, description, version, no weights.
      const answer = await fetch(`${reader.engine.url}/2015-03-31/functions/my-workflow-launcher/aliases/live`, {
        method: 'PUT',
        headers: signed('lambda'),
        body: JSON.stringify({ FunctionVersion: '3', Description: '', RoutingConfig: {} }),
      });
      expect(answer.status).toBe(200);
      await reader.submit('my-workflow', 'console');
      await ranOnlyOn(3, 'console');
    });

    it(proves('no need to explicitly roll forward after you deploy a patch'), async () => {
      expect(await reader.live('my-workflow')).toBe(3);
      await reader.deploy('my-workflow', { lastStep: 'report' }, '5.0');
      await reader.submit('my-workflow', 'patched');
      await ranOnlyOn(5, 'patched');
    });
  });

  describe('*Important!*', () => {
    it(
      proves('pass the fully-qualified image tag', 'depend critically on the use of versioned Docker images'),
      async () => {
        const images = await reader.jobDefinitions('my-workflow');
        expect(images['my-workflow-count--1']).toBe('registry.example.org/tools:1.0');
        expect(images['my-workflow-count--2']).toBe('registry.example.org/tools:2.0');
        expect(images['my-workflow-count--5']).toBe('registry.example.org/tools:5.0');

        await reader.type(
          'aws lambda update-alias --function-name my-workflow-launcher --name live --function-version 2',
        );
        await reader.submit('my-workflow', 'tagged');
        await ranOnlyOn(2, 'tagged');
        const ended = await reader.ended('my-workflow--2', 'tagged');
        expect(await reader.usedJobDefinitions(ended)).toEqual(['my-workflow-count--2', 'my-workflow-summary--2']);
        expect(await reader.result('tagged')).toBe('summary of 3 lines, tag 2.0, version 2');
        await reader.type(
          'aws lambda update-alias --function-name my-workflow-launcher --name live --function-version 5',
        );
      },
    );

    it.each([':latest', ':prod', ''])(
      `${proves("could roll back your workflow's structure, but continue to use buggy Docker images")}: tools%s`,
      async (tag) => {
        const image = `registry.example.org/tools${tag}`;
        const name = `mutable${tag.replace(':', '-')}`;
        await reader.deployWithBclaw(name, { lastStep: 'report', image });
        // Claimed before a deployment, …
        expect((await reader.bclaw('check', 'workflow.yaml')).output).toMatch(/warning.*mutable-image/s);
        await reader.deployWithBclaw(name, { lastStep: 'summary', image });
        // … true for both versions afterwards, …
        const images = await reader.jobDefinitions(name);
        expect([images[`${name}-count--1`], images[`${name}-count--2`]]).toEqual([image, image]);
        // … and repeated by the rollback.
        const { output } = await reader.bclaw('rollback', name);
        expect(output).toContain(`the image ${image} of step count may not be what it was`);
      },
    );
  });

  describe('Cleaning up', () => {
    it(
      proves('you may be left with an annoying number of old state machines', 'a lot of old Batch job definitions'),
      async () => {
        expect(await reader.stateMachines('my-workflow')).toHaveLength(5);
        expect(Object.keys(await reader.jobDefinitions('my-workflow'))).toHaveLength(10);
      },
    );

    it(proves('`<workflow-name>-<step-name>--<version>`'), async () => {
      for (const machine of await reader.stateMachines('my-workflow')) {
        const definition = await reader.ask<string>(
          `aws stepfunctions describe-state-machine --state-machine-arn ${stateMachineArn(machine)} --query definition`,
        );
        const linked = [...definition.matchAll(/job-definition\/([A-Za-z0-9_-]+)/g)].map(([, name]) => name);
        const version = machine.replace('my-workflow--', '');
        const last = definition.includes('-report--') ? 'report' : 'summary';
        expect([...new Set(linked)]).toEqual([`my-workflow-count--${version}`, `my-workflow-${last}--${version}`]);
      }
    });

    it(
      proves('it is safe to just delete the prior versions using `aws stepfunctions delete-state-machine ...`'),
      async () => {
        const hold = await reader.hold();
        await reader.submit('my-workflow', 'meanwhile', hold);
        await reader.started('my-workflow--5', 'meanwhile');
        for (const version of [1, 2, 3, 4])
          await reader.type(
            `aws stepfunctions delete-state-machine --state-machine-arn ${stateMachineArn(`my-workflow--${version}`)}`,
          );
        await until(
          () => reader.stateMachines('my-workflow'),
          (machines) => machines.length === 1,
        );
        await reader.release(hold);
        expect(await reader.ended('my-workflow--5', 'meanwhile')).toMatchObject({ status: 'SUCCEEDED' });
      },
    );

    it(proves('You may delete these job definitions using `aws batch deregister-job-definition ...`'), async () => {
      for (const name of Object.keys(await reader.jobDefinitions('my-workflow')))
        if (!name.endsWith('--5')) await reader.type(`aws batch deregister-job-definition --job-definition ${name}:1`);
      expect(Object.keys(await reader.jobDefinitions('my-workflow')).sort()).toEqual([
        'my-workflow-count--5',
        'my-workflow-report--5',
      ]);
      await reader.submit('my-workflow', 'cleaned');
      await ranOnlyOn(5, 'cleaned');
      // And the stack can still be updated without its earlier resources.
      await reader.deploy('my-workflow', { lastStep: 'summary' }, '6.0');
      await reader.submit('my-workflow', 'next');
      await ranOnlyOn(6, 'next');
    });
  });

  describe('Recommendations', () => {
    it(proves('a seamless transition from one workflow version to the next'), async () => {
      // Job files arrive all the time; conformance/load does it with two thousand.
      const samples: string[] = [];
      let deployed = false;
      const deployment = reader.deploy('my-workflow', { lastStep: 'report' }, '7.0').finally(() => {
        deployed = true;
      });
      while (!deployed) {
        samples.push(`stream${samples.length}`);
        await reader.submit('my-workflow', `stream${samples.length - 1}`);
      }
      await deployment;
      const ended = await until(
        async () => (await Promise.all([6, 7].map((n) => reader.executions(`my-workflow--${n}`)))).flat(),
        (all) =>
          all.filter(({ name, status }) => name.startsWith('stream') && status !== 'RUNNING').length >= samples.length,
      );
      const streamed = ended.filter(({ name }) => name.startsWith('stream'));
      expect(streamed.map(({ name }) => name.replace(/_.*/, '')).sort()).toEqual(samples.sort());
      expect(new Set(streamed.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    });

    it(proves('**not** recommended for use in workflow development environments'), async () => {
      // Without versions, old resources do not accumulate.
      for (const tag of ['0.1', '0.2', '0.3'])
        await reader.deployWithBclaw('dev', { lastStep: 'report', versioned: false }, '-p', `ImageTag=${tag}`);
      expect(await reader.stateMachines('dev')).toEqual(['dev']);
      expect(Object.keys(await reader.jobDefinitions('dev')).sort()).toEqual(['dev-count', 'dev-report']);
    });

    it(proves("Don't do this -- at the very least, the version numbers will be screwy"), async () => {
      for (const [name, versioned] of [
        ['dev', true],
        ['other-workflow', false],
      ] as const) {
        await reader.write({ lastStep: 'report', versioned });
        const { code, output } = await reader.bclaw('deploy', 'workflow.yaml', '--name', name);
        expect(code).toBe(1);
        expect(output).toContain('its version numbers would go wrong, and sooner or later a deployment would fail');
        expect(output).toContain('Deploy it under another name, or in another account');
      }
      expect(await reader.stateMachines('dev')).toEqual(['dev']);
      expect(await reader.stateMachines('other-workflow')).toEqual(['other-workflow--1']);
    });

    it(
      proves(
        'In principle, it is possible to switch a workflow from unversioned to versioned and vice versa',
        'at some point workflow construction will fail (although this is easily corrected)',
      ),
      async () => {
        await reader.deployWithBclaw('dev', { lastStep: 'report' }, '--force');
        expect(await reader.live('dev')).toBe(1);
        expect(await reader.stateMachines('dev')).toEqual(['dev--1']);
        await reader.write({ lastStep: 'report', versioned: false });
        const back = ['deploy', 'workflow.yaml', '--name', 'dev', '--force'];
        // A foreign state machine with the same name blocks the way back, which changes nothing …
        await reader.type(
          `role=$(aws cloudformation describe-stack-resource --stack-name bayerclaw2 --logical-resource-id StatesRole --query StackResourceDetail.PhysicalResourceId --output text)
aws stepfunctions create-state-machine --name dev --role-arn "arn:aws:iam::123456789012:role/$role" --definition '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}'`,
        );
        expect(await reader.bclaw(...back)).toMatchObject({
          code: 1,
          output: expect.stringMatching(/stateMachine:dev' already exists.*Version 1 is live, as it was before/s),
        });
        // … until it is removed.
        await reader.type(`aws stepfunctions delete-state-machine --state-machine-arn ${stateMachineArn('dev')}`);
        expect(await reader.bclaw(...back)).toMatchObject({ code: 0 });
        await reader.submit('dev', 'switched');
        expect(await reader.ended('dev', 'switched')).toMatchObject({ status: 'SUCCEEDED' });
      },
    );

    it(
      proves('create a fresh copy of the workflow -- either in a different account or just with a different name'),
      async () => {
        await reader.deployWithBclaw('production', { lastStep: 'report' });
        expect(await reader.stateMachines('production')).toEqual(['production--1']);
        await reader.submit('production', 'fresh');
        expect(await reader.ended('production--1', 'fresh')).toMatchObject({ status: 'SUCCEEDED' });
      },
    );
  });

  describe('what is covered of it', () => {
    it.each(seed)('the section $heading, each promise of it', (section) => {
      expect(unproved(section)).toEqual([]);
      expect(countProved(section)).toBeGreaterThan(0);
    });

    it.each(seedCommands)('the command %s, typed as it is written', (command) => {
      expect(wasTyped(command)).toBe(true);
    });
  });
});
