import { diagnose, type Finding } from '@bclaw/ops';
import { connect, installationOf } from '../connection.js';
import type { doctorCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { Exit, exitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { bclawVersion } from '../version.js';

/**
 * `bclaw doctor`
 *
 * @throws Exit 1 when something does not work
 */
export async function doctor(options: OptionsOf<typeof doctorCommand>, terminal: Terminal): Promise<void> {
  const { clients } = await connect(options, terminal);
  const show = (findings: readonly Finding[]) => {
    for (const finding of findings) terminal.data(findingText(finding, terminal.dataStyle));
  };
  const findings = await diagnose(clients, {
    ...installationOf(options),
    bclawVersion,
    ...(options.json === true ? {} : { onFindings: show }),
  });
  if (options.json === true) terminal.json(findings);
  if (findings.some(({ status }) => status === 'error')) throw new Exit(exitCode.failed);
}

function findingText({ part, status, message, hint }: Finding, style: Terminal['dataStyle']): string {
  const colour = { ok: style.green, warning: style.yellow, error: style.red }[status];
  const line = `${colour(status.padEnd('warning'.length))}  ${part}: ${message}`;
  return hint === undefined ? line : `${line}\n         → ${hint}`;
}
