import { RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import {
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-sfn';
import { readsLaunchQueue } from '@bclaw/spec/contract';
import { inParallel } from '../src/aws/in-parallel.js';
import { type Clients, deploy, listVersions } from '../src/index.js';
import { template } from './engine.js';

/** Two deployments, and further versions as they would have made them: one by one they would take minutes. */
export async function deployVersions(clients: Clients, workflow: string, count: number): Promise<void> {
  for (const number of [1, 2]) await deploy(clients, { workflow, template: template(`echo ${number}`) });
  const { lambda, sfn } = clients;
  const [newest] = (await listVersions(clients, { workflow, newest: 1 })).versions;
  const arn = newest?.stateMachine.arn ?? '';
  const { definition, roleArn } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
  const { tags } = await sfn.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  const FunctionName = `${workflow}-launcher`;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  for (let version = 3; version <= count; version++) {
    await sfn.send(
      new CreateStateMachineCommand({
        name: `${workflow}--${version}`,
        definition,
        roleArn,
        tags,
        publish: true,
        versionDescription: readsLaunchQueue,
      }),
    );
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { ...Environment?.Variables, DEPLOYMENT: String(version) } },
      }),
    );
    await lambda.send(new PublishVersionCommand({ FunctionName }));
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** State machines and job definitions of somebody else. */
export async function fillAccount(
  { batch, sfn }: Pick<Clients, 'batch' | 'sfn'>,
  { machines, definitions }: { readonly machines: number; readonly definitions: number },
): Promise<void> {
  const definition = JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Succeed' } } });
  const roleArn = 'arn:aws:iam::123456789012:role/any';
  await inParallel(numbers(machines), (number) =>
    sfn.send(new CreateStateMachineCommand({ name: `foreign-${number}`, definition, roleArn })),
  );
  await inParallel(numbers(definitions), (number) =>
    batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: `foreign-${number}`,
        type: 'container',
        containerProperties: { image: 'busybox', vcpus: 1, memory: 100 },
      }),
    ),
  );
}
