import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registryLogin } from '../../packages/runner/src/executors/registry-login.js';
import { JobWorld, type StepSettings } from '../../packages/runner/test/job-world.js';
import { outcomeOf, startProgram } from '../../packages/runner/test/program.js';
import { type Account, Registry } from '../registry/registry.js';
import { ecrHost, Moto, motoLogin } from './moto.js';
import { Podman, shellTools } from './podman.js';

const local = 'localhost/bclaw-test/private:1.0';
const moved = 'localhost/bclaw-test/moved:1.0';
const login: Account = { username: 'lab', password: 'p:w "1" ä' };

describe('images of private registries', () => {
  let world: JobWorld;
  let registry: Registry;
  let ecr: Registry;
  let moto: Moto;
  let podman: Podman;
  beforeAll(async () => {
    world = await JobWorld.start();
    [registry, ecr, moto] = await Promise.all([Registry.start(login), Registry.start(motoLogin), Moto.start()]);
    podman = await Podman.start({ [registry.host]: registry.host, [ecrHost]: ecr.host });
    await podman.image(local, shellTools);
    push(registry.host, 'lab/tool:1.0', login);
    push(ecr.host, 'lab/tool:1.0', motoLogin);
    await world.secret('registry-login', JSON.stringify(login));
    await world.secret('old-login', JSON.stringify({ ...login, password: 'changed' }));
    await world.secret('no-login', '"just a text"');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    podman.close([local, moved, `${registry.host}/lab/tool:1.0`]);
    moto.stop();
    await Promise.all([registry.remove(), ecr.remove()]);
    await world.close();
  });

  function push(host: string, name: string, { username, password }: Account, image = local): void {
    const credentials = `--creds=${username}:${password}`;
    podman.podman('push', '--quiet', '--tls-verify=false', credentials, image, `docker://${host}/${name}`);
  }

  const run = (step: StepSettings, variables: Readonly<Record<string, string>> = {}) =>
    outcomeOf(
      startProgram(
        world,
        { step: { commands: ['echo from the registry'], ...step } },
        { BC_EXECUTOR: 'docker', DOCKER_HOST: podman.host, AWS_ENDPOINT_URL_ECR: moto.url, ...variables },
      ),
    );
  const forget = (name: string) => podman.podman('rmi', '--ignore', name);

  it('are pulled with the login that the secret of "auth" holds', async () => {
    const image = `${registry.host}/lab/tool:1.0`;
    const { exitCode, user, own } = await run({ image, auth: 'registry-login' });
    expect({ exitCode, last: user.at(-1) }).toEqual({ exitCode: 0, last: 'from the registry' });
    expect(own[0]).toMatchObject({ message: 'Pulling the image.', image });
    // The image is present now.
    expect((await run({ image, auth: 'registry-login' })).own[0]).not.toMatchObject({ message: 'Pulling the image.' });
    forget(image);
  });

  it('are asked for again when a tag may have been moved, and used as they are when nobody answers', async () => {
    const image = `${registry.host}/lab/tool:prod`;
    const step = { image, auth: 'registry-login', commands: ['echo "release $RELEASE"'] };
    for (const release of ['one', 'two']) {
      await podman.image(moved, shellTools, [`ENV RELEASE=${release}`]);
      push(registry.host, 'lab/tool:prod', login, moved);
      expect((await run(step)).user.at(-1)).toBe(`release ${release}`);
    }
    await registry.close();
    const { exitCode, user, own } = await run(step);
    await registry.open();
    expect({ exitCode, last: user.at(-1) }).toEqual({ exitCode: 0, last: 'release two' });
    expect(own).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: expect.stringMatching(/tool:prod cannot be asked for again and may be outdated: .*refused/),
      }),
    );
    forget(image);
  });

  it.each([
    ['no login', undefined, 'no-image', /cannot be pulled/],
    ['a login that is no longer valid', 'old-login', 'no-image', /cannot be pulled/],
    ['a secret that does not exist', 'never-made', 'registry-login', /never-made cannot be read: ResourceNotFound/],
    ['a secret that holds no login', 'no-login', 'registry-login', /no-login is not of the form/],
  ])('fail the job with a sentence and nothing of the password: %s', async (_what, auth, code, message) => {
    const image = `${registry.host}/lab/tool:1.0`;
    const { exitCode, own, err } = await run({ image, ...(auth === undefined ? {} : { auth }) });
    expect({ exitCode, err }).toEqual({ exitCode: 199, err: '' });
    expect(own.at(-1)).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify(own)).not.toMatch(/p:w|changed/);
  });

  it("are asked for with a token of the account's ECR, which a registry takes", async () => {
    // podman looks up a login by the name of the host that it connects to, so a registry on loopback cannot imitate ECR
    // completely; the engine gets the same login in both cases.
    vi.stubEnv('AWS_ENDPOINT_URL_ECR', moto.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const given = await registryLogin(`${ecrHost}/lab/tool:1.0`, undefined);
    expect(given).toEqual({ ...motoLogin, serveraddress: ecrHost });
    // Its dual-stack name.
    const dualStack = ecrHost.replace('.dkr.ecr.', '.dkr-ecr.').replace('.amazonaws.com', '.on.aws');
    expect(await registryLogin(`${dualStack}/lab/tool:1.0`, undefined)).toMatchObject({ serveraddress: dualStack });
    const authorization = `Basic ${Buffer.from(`${given?.username}:${given?.password}`).toString('base64')}`;
    const answer = await fetch(`http://${ecr.host}/v2/lab/tool/tags/list`, { headers: { authorization } });
    expect(await answer.json()).toEqual({ name: 'lab/tool', tags: ['1.0'] });
  });

  it('in ECR are what a short name means', async () => {
    const { exitCode, own } = await run({ image: 'lab/tool:1.0' });
    expect(exitCode).toBe(199);
    expect(own[0]).toMatchObject({ message: 'Pulling the image.', image: `${ecrHost}/lab/tool:1.0` });
    expect(own.at(-1)).toMatchObject({ code: 'no-image', message: expect.stringContaining('authentication required') });
  });

  it('say that ECR gives no token', async () => {
    const { exitCode, own } = await run({ image: 'lab/tool:1.0' }, { AWS_ENDPOINT_URL_ECR: `${world.engine.url}` });
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({
      code: 'registry-login',
      message: expect.stringContaining(`ECR gives no token for ${ecrHost}`),
      hint: expect.stringContaining('ecr:GetAuthorizationToken'),
    });
  });
});
