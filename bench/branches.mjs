// Measures the cost of a scatter branch in the embedded engine: CPU of the engine's own processes (never the job's),
// resident memory, function calls and S3 writes per branch. `node bench/branches.mjs [branches] [--compiled]`: 1,000
// branches by default; the design's limit is for 10,000. By default the job is /bin/true, in the distributed Map of a
// compiled scatter; with --compiled a real scatter is deployed, and each branch starts the runner.
// Needs `npm run build`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { folder, removeFolder, run } from './folder.mjs';
import { signed } from './signed.mjs';

const branches = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 1000);
const compiled = process.argv.includes('--compiled');
/** The design's limit, in milliseconds of CPU. */
const allowed = 3;

/**
 * Clock ticks of a process itself, without its children: fields 14 and 15 of /proc/<pid>/stat, in 1/100 s (proc(5)).
 */
function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) / 100, system: Number(fields[12]) / 100 };
}
/** The engine's process, and the helper processes that it keeps while it runs. */
const enginePids = (engine) => [
  engine,
  ...readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return (
          readFileSync(`/proc/${pid}/stat`, 'utf8').includes(`) S ${engine} `) && command.includes('bclaw-job-spawner')
        );
      } catch {
        return false;
      }
    }),
];
function engineCpu(engine) {
  const all = enginePids(engine).map(cpuSeconds);
  return {
    user: all.reduce((total, { user }) => total + user, 0),
    system: all.reduce((total, { system }) => total + system, 0),
  };
}
const memoryMB = (pid, field) =>
  Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

/** One HTTP request, with its complete response. */
function request(url, options, body) {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, options, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
      answer.resume().once('end', resolve);
    });
    sent.once('error', reject).end(body);
  });
}

/** The distributed Map of a compiled scatter, around a job whose image is not the runner's. */
const definition = {
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
        Parameters: { Bucket: 'bench-data', Key: 'items.csv' },
      },
      ItemSelector: {
        'index.$': '$$.Map.Item.Value.index',
        'execution.$': '$$.Execution.Id',
        repo: {
          bucket: 'bench-data',
          'prefix.$': "States.Format('repo/{}', $$.Map.Item.Value.index)",
          'uri.$': "States.Format('s3://bench-data/repo/{}', $$.Map.Item.Value.index)",
        },
        prev_outputs: {},
        'scatter.$': 'States.StringToJson($$.Map.Item.Value.scatter)',
        share_id: 'bench',
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Job',
        States: {
          Job: {
            Type: 'Task',
            Resource: 'arn:aws:states:::batch:submitJob.sync',
            Parameters: {
              'JobName.$': "States.Format('bench__{}', $.index)",
              JobDefinition: 'bench',
              JobQueue: 'bench',
              Parameters: { 'repo.$': '$.repo.uri', 'scatter.$': 'States.JsonToString($.scatter)' },
            },
            ResultPath: null,
            End: true,
          },
        },
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'bench-data', Prefix: 'results' },
      },
      ResultPath: null,
      End: true,
    },
  },
};

async function main() {
  // Its state machine names a role that does not exist.
  run('local', 'start', '--detach', '--port', '0', '--iam', 'off');
  const { pid, url } = JSON.parse(run('local', 'status', '--json'));
  const call = async (service, target, body, path = '/') => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        authorization: `AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/${service}/aws4_request`,
        ...(target === undefined ? {} : { 'x-amz-target': target }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${target ?? path}: ${await response.text()}`);
    return response.json();
  };
  const states = (operation, body) => call('states', `AWSStepFunctions.${operation}`, body);
  const batch = (operation, body) => call('batch', undefined, body, `/v1/${operation.toLowerCase()}`);
  const calls = async () => (await fetch(`${url}/_bclaw/calls`)).json();
  await fetch(`${url}/bench-data`, { method: 'PUT', headers: signed });

  let startExecution;
  if (compiled) {
    writeFileSync(
      join(folder, 'w.yaml'),
      `Transform: BC2_Compiler
Repository: s3://bench-data/\${job.id}
Options: {versioned: true}
Steps:
  - wide:
      scatter: {n: '@s3://bench-data/items.txt'}
      inputs: {}
      steps:
        - only: {image: 'debian:12.11', inputs: {}, commands: 'true'}
`,
    );
    run('deploy', 'w.yaml', '--name', 'bench');
    const lines = Array.from({ length: branches }, (_, index) => `item ${index}\n`).join('');
    await fetch(`${url}/bench-data/items.txt`, { method: 'PUT', headers: signed, body: lines });
    writeFileSync(join(folder, 'job.json'), JSON.stringify({ id: 'wide' }));
    const { stateMachines } = await states('ListStateMachines', {});
    const stateMachineArn = stateMachines.find(({ name }) => name === 'bench--1').stateMachineArn;
    startExecution = async () => {
      run('submit', 'bench', 'job.json');
      for (;;) {
        const { executions } = await states('ListExecutions', { stateMachineArn });
        if (executions.length > 0) return executions[0];
        await delay(20);
      }
    };
  } else {
    const items = Array.from({ length: branches }, (_, index) => `${index},"{""n"":""item ${index}""}"\n`);
    await fetch(`${url}/bench-data/items.csv`, {
      method: 'PUT',
      headers: signed,
      body: `index,scatter\n${items.join('')}`,
    });
    await batch('CreateComputeEnvironment', { computeEnvironmentName: 'bench', type: 'UNMANAGED' });
    await batch('CreateJobQueue', {
      jobQueueName: 'bench',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'bench' }],
    });
    await batch('RegisterJobDefinition', {
      jobDefinitionName: 'bench',
      type: 'container',
      containerProperties: { image: 'busybox', command: ['/bin/true'], vcpus: 1, memory: 64 },
    });
    const { stateMachineArn } = await states('CreateStateMachine', {
      name: 'bench',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::123456789012:role/bench',
    });
    startExecution = () => states('StartExecution', { stateMachineArn, name: 'wide', input: '{}' });
  }

  await delay(1000);
  const idle = memoryMB(pid, 'VmRSS');
  const [cpuBefore, callsBefore, started] = [engineCpu(pid), await calls(), performance.now()];
  const { executionArn } = await startExecution();
  let status;
  let peak = idle;
  do {
    await delay(500);
    peak = Math.max(peak, memoryMB(pid, 'VmRSS'));
    ({ status } = await states('DescribeExecution', { executionArn }));
  } while (status === 'RUNNING');
  const [cpuAfter, callsAfter] = [engineCpu(pid), await calls()];
  const seconds = (performance.now() - started) / 1000;
  // The job of a compiled scatter reads its job data and writes its completion marker: any S3 would have to serve these
  // requests. This repeats them, each on its own connection, as from its own process.
  const servedBefore = engineCpu(pid);
  for (let index = 0; compiled && index < branches; index += 1) {
    await request(`${url}/bench-data/wide/_JOB_DATA_`, { agent: false });
    await request(`${url}/bench-data/served/${index}`, { agent: false, method: 'PUT' }, 'done\n');
  }
  const servedAfter = engineCpu(pid);
  const served = servedAfter.user + servedAfter.system - servedBefore.user - servedBefore.system;
  const perBranch = (name) => Number((((cpuAfter[name] - cpuBefore[name]) * 1000) / branches).toFixed(2));
  const count = (names) => names.reduce((total, name) => total + (callsAfter[name] ?? 0) - (callsBefore[name] ?? 0), 0);
  // Operations that run about once in each branch: only the job's own.
  const often = Object.fromEntries(
    Object.entries(callsAfter)
      .map(([name, calls]) => [name, Number(((calls - (callsBefore[name] ?? 0)) / branches).toFixed(2))])
      .filter(([, calls]) => calls >= 0.5),
  );
  const figures = {
    branches,
    job: compiled ? 'the runner with a trivial command' : '/bin/true',
    status,
    'engine CPU per branch (ms)': Number((perBranch('user') + perBranch('system')).toFixed(2)),
    'of it user / system (ms)': `${perBranch('user')} / ${perBranch('system')}`,
    ...(compiled
      ? { 'of it for the two S3 requests of the job itself (ms)': Number(((served * 1000) / branches).toFixed(2)) }
      : {}),
    'jobs submitted': count(['batch:SubmitJob']),
    'function calls in all': count(['lambda:Invoke']),
    'S3 writes in all': count(['s3:PutObject', 's3:CompleteMultipartUpload', 's3:CopyObject']),
    'calls per branch': often,
    'engine resident: idle / peak (MB)': `${idle} / ${peak}`,
    'wall time (s)': Number(seconds.toFixed(1)),
    'branches a second': Math.round(branches / seconds),
  };
  console.log(JSON.stringify(figures, null, 2));
  if (status !== 'SUCCEEDED') throw new Error(`The scatter ended as ${status}.`);
  if (!compiled && figures['engine CPU per branch (ms)'] > allowed)
    throw new Error(`More than ${allowed} ms of engine CPU per branch.`);
}

try {
  await main();
} finally {
  run('local', 'stop');
  removeFolder();
}
