// Measures the embedded engine as a whole process: startup time, idle resources, job throughput. Only ratios within one
// run count; absolute numbers depend on the machine. Needs `npm run build`.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { bclaw, environment, folder, removeFolder, run } from './folder.mjs';
import { signed } from './signed.mjs';

const timed = (work) => {
  const started = performance.now();
  work();
  return performance.now() - started;
};
/** From the start of the process to the first HTTP response. */
async function startUp() {
  const started = performance.now();
  const child = spawn(process.execPath, [bclaw, 'local', 'start', '--port', '0'], {
    cwd: folder,
    env: environment,
    stdio: 'ignore',
  });
  for (;;) {
    try {
      const { url } = JSON.parse(readFileSync(join(folder, '.bclaw/engine.json'), 'utf8'));
      await fetch(url);
      return { milliseconds: performance.now() - started, child };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
const residentMB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

try {
  const node = timed(() => execFileSync(process.execPath, ['-e', '']));
  const first = timed(() => run('local', 'start', '--detach', '--port', '0'));
  run('local', 'stop');
  const { milliseconds, child } = await startUp();
  run('local', 'status');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const idle = residentMB(child.pid);
  writeFileSync(
    join(folder, 'w.yaml'),
    `Transform: BC2_Compiler
Repository: s3://bench-data/\${job.id}
Options: {versioned: true}
Steps:
  - only: {image: 'debian:12.11', inputs: {}, commands: 'true'}
`,
  );
  const deploy = timed(() => run('deploy', 'w.yaml', '--name', 'bench'));
  await fetch(`${JSON.parse(run('local', 'status', '--json')).url}/bench-data`, { method: 'PUT', headers: signed });
  const jobs = Array.from({ length: 50 }, (_, index) => {
    writeFileSync(join(folder, `${index}.json`), JSON.stringify({ id: `j${index}` }));
    return `${index}.json`;
  });
  const through = timed(() => run('submit', 'bench', ...jobs, '--watch'));
  const check = timed(() => run('check', 'w.yaml'));
  console.log(
    JSON.stringify(
      {
        'node -e "" (ms)': Math.round(node),
        'first start with core stack, whole process (ms)': Math.round(first),
        'start to first answer (ms)': Math.round(milliseconds),
        'idle resident (MB)': Math.round(idle),
        'bclaw check, whole process (ms)': Math.round(check),
        'bclaw deploy, whole process (ms)': Math.round(deploy),
        '50 one-step jobs, whole process (ms)': Math.round(through),
      },
      null,
      2,
    ),
  );
  run('local', 'stop');
} finally {
  removeFolder();
}
