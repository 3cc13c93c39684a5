import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, expect, it } from 'vitest';
import { ChildEngine } from './child-engine.js';

/** A sample; the soak has 200. */
const rounds = Number(process.env['BCLAW_KILL_ROUNDS'] ?? 6);
const clients = 8;

const engine = new ChildEngine();
afterAll(() => engine.dispose());

const definition = JSON.stringify({
  StartAt: 'A',
  States: { A: { Type: 'Wait', Seconds: 1, Next: 'B' }, B: { Type: 'Pass', End: true } },
});
const contentOf = (key: string) => `content of ${key} `.repeat(5_000);

it(`loses nothing that it has acknowledged when it is killed ${rounds} times under load`, async () => {
  const acknowledged = { objects: new Set<string>(), executions: new Set<string>() };
  let stateMachineArn = '';
  for (let round = 0; round < rounds; round += 1) {
    await engine.start();
    const config = { ...engine.client, maxAttempts: 1 };
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const states = new SFNClient(config);
    if (round === 0) {
      await s3.send(new CreateBucketCommand({ Bucket: 'soak' }));
      const roleArn = 'arn:aws:iam::123456789012:role/soak';
      const created = await states.send(new CreateStateMachineCommand({ name: 'soak', definition, roleArn }));
      stateMachineArn = created.stateMachineArn ?? '';
    }
    let killed = false;
    const load = Array.from({ length: clients }, async (_, client) => {
      for (let count = 0; !killed; count += 1) {
        const key = `${round}-${client}-${count}`;
        try {
          await s3.send(new PutObjectCommand({ Bucket: 'soak', Key: key, Body: contentOf(key) }));
          acknowledged.objects.add(key);
          const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: key }));
          acknowledged.executions.add(executionArn ?? '');
        } catch (error) {
          // A call that the kill broke off was not acknowledged.
          if (!killed) throw error;
        }
      }
    });
    const failure = Promise.all(load);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 200 + ((round * 173) % 700))), failure]);
    killed = true;
    await engine.kill();
    await failure;
    s3.destroy();
    states.destroy();
  }

  await engine.start();
  const s3 = new S3Client({ ...engine.client, forcePathStyle: true });
  const states = new SFNClient(engine.client);
  for (const Key of acknowledged.objects) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'soak', Key }));
    expect((await Body?.transformToString()) === contentOf(Key), Key).toBe(true);
  }
  for (const executionArn of acknowledged.executions)
    await expect
      .poll(async () => (await states.send(new DescribeExecutionCommand({ executionArn }))).status, { timeout: 30_000 })
      .toBe('SUCCEEDED');
  let listed = 0;
  for await (const page of paginateListExecutions({ client: states, pageSize: 1000 }, { stateMachineArn }))
    listed += page.executions?.length ?? 0;
  console.log(
    `${rounds} kills: ${acknowledged.objects.size} objects and ${acknowledged.executions.size} executions are there.`,
  );
  // An execution that was started, but not acknowledged, may be there, too: at most one of each client in each round.
  expect(listed - acknowledged.executions.size).toBeGreaterThanOrEqual(0);
  expect(listed - acknowledged.executions.size).toBeLessThanOrEqual(rounds * clients);
}, 3_600_000);
