import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bclaw, file, temporaryFolder } from '../bclaw.js';

describe('bclaw local', () => {
  it('says which port is taken', async () => {
    const cwd = temporaryFolder();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stdout, stderr } = await bclaw(['local', 'start', '--port', port], { cwd });
    server.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Something else listens on port ${port} already.`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('starts an engine that other commands find, says where it is, stops it, and forgets it', async () => {
    const cwd = temporaryFolder();
    const run = (...args: string[]) => bclaw(args, { cwd });
    expect(await run('local', 'status', '--json')).toMatchObject({ code: 1, stdout: '{\n  "running": false\n}\n' });

    const started = await run('local', 'start', '--detach', '--port', '0', '--json');
    expect(started.code, started.stderr).toBe(0);
    const engine = JSON.parse(started.stdout);
    expect(engine).toMatchObject({ running: true, directory: join(cwd, '.bclaw') });
    expect(engine.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    expect(JSON.parse((await run('local', 'status', '--json')).stdout)).toEqual(engine);
    const again = await run('local', 'start', '--detach');
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('runs here already') });
    const nothingYet = await run('versions', 'my-workflow');
    expect(nothingYet).toMatchObject({ code: 1, stdout: '' });
    expect(nothingYet.stderr).toContain('There is no workflow "my-workflow" here.');

    expect((await run('local', 'stop')).code).toBe(0);
    await expect(fetch(engine.url)).rejects.toThrow();
    expect(await run('local', 'stop')).toMatchObject({ code: 0, stderr: 'No engine runs here.\n' });
    // If the engine is not started again, the command reports the endpoint that it uses instead.
    expect((await run('versions', 'wf')).stderr).toContain(
      'does not run, so this asks AWS; `bclaw local start` starts it',
    );

    // The second start finds the core stack as it was left.
    const restarted = await run('local', 'start', '--detach', '--port', '0');
    expect(restarted.code, restarted.stderr).toBe(0);
    expect(existsSync(join(cwd, '.bclaw'))).toBe(true);
    expect(await run('local', 'reset')).toMatchObject({ code: 2, stderr: expect.stringContaining('Say --yes.') });
    expect(existsSync(join(cwd, '.bclaw'))).toBe(true);
    expect((await run('local', 'reset', '--yes')).code).toBe(0);
    expect(existsSync(join(cwd, '.bclaw'))).toBe(false);
    expect(await run('local', 'reset', '--yes')).toMatchObject({ code: 0, stderr: 'There was nothing to delete.\n' });
  });

  it('tells of an engine that does not answer, and stops it', async () => {
    const cwd = temporaryFolder();
    const run = (...args: string[]) => bclaw(args, { cwd });
    const started = await run('local', 'start', '--detach', '--port', '0', '--json');
    expect(started.code, started.stderr).toBe(0);
    const { pid } = JSON.parse(started.stdout);
    process.kill(pid, 'SIGSTOP');
    const told = await run('local', 'status');
    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining(`(process ${pid}), but does not answer`) });
    expect(JSON.parse((await run('local', 'status', '--json')).stdout)).toMatchObject({
      running: true,
      answers: false,
      pid,
    });
    const stopped = await run('local', 'stop');
    expect(stopped).toMatchObject({ code: 0, stderr: expect.stringMatching(/was killed.*\nStopped\.\n$/) });
    expect(await run('local', 'status')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No engine runs here'),
    });
    expect((await run('local', 'start', '--detach', '--port', '0')).code).toBe(0);
    expect((await run('local', 'stop')).code).toBe(0);
  });

  it('goes on from a damaged journal only when it is told to, and loses no object', async () => {
    const cwd = temporaryFolder();
    const run = (...args: string[]) => bclaw(args, { cwd });
    const start = (...options: string[]) => run('local', 'start', '--detach', '--port', '0', ...options);
    const started = await start('--durable');
    expect(started.code, started.stderr).toBe(0);
    file(cwd, 'kept.txt', 'kept');
    // The last record is the one that will be damaged.
    for (const name of ['kept.txt', 'last.txt'])
      expect((await run('local', 'cp', 'kept.txt', `s3://mine/${name}`)).code).toBe(0);
    expect((await run('local', 'stop')).code).toBe(0);

    const journal = join(cwd, '.bclaw/journal.jsonl');
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    const last = lines.at(-1) ?? '';
    writeFileSync(journal, `${[...lines.slice(0, -1), last.replace(/[0-9]/, 'x'), last].join('\n')}\n`);
    const damaged = readFileSync(journal, 'utf8');
    const refused = await start();
    expect(refused.code).not.toBe(0);
    expect(`${refused.stderr}`).toContain(
      `journal.jsonl:${lines.length}: this record of the engine's journal is damaged`,
    );
    expect(refused.stderr).toContain('--recover');
    expect(readFileSync(journal, 'utf8')).toBe(damaged);

    const recovered = await start('--recover');
    expect(recovered.code, recovered.stderr).toBe(0);
    expect((await run('local', 'cp', 's3://mine/kept.txt', 'again.txt')).code).toBe(0);
    expect(readFileSync(join(cwd, 'again.txt'), 'utf8')).toBe('kept');
    expect((await run('local', 'stop')).code).toBe(0);
    expect(readdirSync(join(cwd, '.bclaw')).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  });

  it('leaves no engine at a port that HTTP clients refuse', async () => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await bclaw(['local', 'start', '--detach', '--port', '6668'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('cannot be reached at its port. It was stopped.\n  → HTTP clients refuse some ports');
    expect(await bclaw(['local', 'status'], { cwd })).toMatchObject({ code: 1 });
  });

  it('deletes no folder that is not an engine’s', async () => {
    const cwd = temporaryFolder();
    file(cwd, 'thesis.tex', 'years of work');
    const { code, stderr } = await bclaw(['local', 'reset', '--directory', '.', '--yes'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('has more in it than an engine keeps: thesis.tex. Nothing was deleted.');
    expect(existsSync(join(cwd, 'thesis.tex'))).toBe(true);
  });

  it('says which option makes no sense, and where no directory can be', async () => {
    const cwd = temporaryFolder();
    file(cwd, 'a-file', '');
    const start = (...words: string[]) => bclaw(['local', 'start', ...words], { cwd });
    const refused = [
      ['--port', '99999', 'It must be a port, 0 to 65535.'],
      ['--cpus', '0', 'It must be at least 1.'],
      ['--directory', 'a-file', 'There is a file already where a folder must be:'],
      ['--directory', 'a-file/engine', 'A part of this path is a file, not a folder:'],
    ] as const;
    for (const [option, value, sentence] of refused)
      expect(await start(option, value)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(sentence),
      });
  });
});
