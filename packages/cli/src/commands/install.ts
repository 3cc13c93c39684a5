import { coreTemplate, queueTemplate, taskRoleTemplate } from '@bclaw/macro';
import { codeKeysOf, install as installCore, uninstall as uninstallCore } from '@bclaw/ops';
import { defaultInstallation } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { readBundles } from '../bundles.js';
import { confirm } from '../confirm.js';
import { connect, installationOf } from '../connection.js';
import type { installCommand, uninstallCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { UsageError } from '../failure.js';
import { showStackEvent } from '../stack-event.js';
import type { Terminal } from '../terminal.js';
import { bclawVersion } from '../version.js';

type InstallOptions = OptionsOf<typeof installCommand>;

/** `bclaw install` */
export async function install(options: InstallOptions, terminal: Terminal): Promise<void> {
  if (options.print !== undefined) {
    terminal.json(await templateOf(options.print));
    return;
  }
  const { clients } = await connect(options, terminal);
  const showEvent = showStackEvent(terminal);
  const { outcome, core } = await installCore(clients, {
    ...installationOf(options),
    bundles: await readBundles(),
    template: (codeKeys) => coreTemplate({ codeKeys, bclawVersion }),
    parameters: {
      ...options.parameter,
      ...given({
        SubnetIds: options.subnets,
        SecurityGroupIds: options.securityGroups,
        RunnerImage: options.runnerImage,
      }),
    },
    onProgress: (progress) => {
      if (progress.kind === 'event') showEvent(progress.event);
      else if (progress.outcome !== 'present') {
        terminal.note(`${progress.outcome} ${progress.kind === 'bucket' ? progress.bucket : progress.key}`);
      }
    },
  });
  terminal.endProgress();
  if (options.json === true) {
    terminal.json({ outcome, installation: core.stack.name, core: core.environment });
    return;
  }
  terminal.data(`${core.stack.name}: ${outcome}, bclaw ${core.bclawVersion}.`);
  terminal.note(`Job files go to s3://${core.environment.launcherBucket}/<workflow>/.`);
  terminal.note('Next: `bclaw deploy workflow.yaml --name my-workflow`.');
}

async function templateOf(print: NonNullable<InstallOptions['print']>): Promise<object> {
  switch (print) {
    case 'queue':
      return queueTemplate(bclawVersion);
    case 'task-role':
      return taskRoleTemplate(bclawVersion);
    default:
      return coreTemplate({ codeKeys: codeKeysOf(await readBundles()), bclawVersion });
  }
}

/** `bclaw uninstall` */
export async function uninstall(options: OptionsOf<typeof uninstallCommand>, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const name = options.core ?? defaultInstallation;
  const question = `Delete the core stack ${name}? Workflows that are deployed stop working.`;
  if (!(await confirm(question, options, terminal))) throw new UsageError('Nothing was deleted.');
  await uninstallCore(clients, { ...installationOf(options), onEvent: showStackEvent(terminal) });
  terminal.endProgress();
  terminal.data(`${name}: deleted. Its code bucket and launcher bucket stay, with what is in them.`);
}
