import { access } from 'node:fs/promises';
import { accessControl } from '../access-control.js';
import type { demoCommand } from '../declarations/engine.js';
import type { OptionsOf } from '../declarations/options.js';
import { Claims, type Verdict } from '../demo/claims.js';
import { readExample } from '../demo/example.js';
import { Laboratory } from '../demo/laboratory.js';
import { Narrator } from '../demo/narrator.js';
import { tellStory } from '../demo/story.js';
import { formatDuration } from '../duration.js';
import { withEphemeralEngine } from '../ephemeral-engine.js';
import { executorSentence } from '../executor.js';
import { Exit, exitCode } from '../failure.js';
import type { Terminal } from '../terminal.js';

type DemoOptions = OptionsOf<typeof demoCommand>;

/** `bclaw demo`: runs the blue/green story, then reports which of its claims hold; exit code 1 when one does not. */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<void> {
  const started = performance.now();
  const keep = options.keep === true;
  const example = await readExample();
  const claims = new Claims();
  terminal.data(
    terminal.dataStyle.bold('bclaw: a workflow is deployed, replaced while it runs, rolled back and cleaned up'),
  );
  terminal.progress('starting an embedded engine and installing bclaw in it');
  const { url, directory } = await withEphemeralEngine(
    { keep, executor: 'process', ...accessControl(options.iam, terminal) },
    async ({ engine, connection, signal }) => {
      terminal.endProgress();
      terminal.data(
        `An embedded engine speaks AWS's protocols at ${engine.url}; bclaw is installed in it (${formatDuration(performance.now() - started)}).`,
      );
      terminal.data(executorSentence('process'));
      await tellStory(new Laboratory(connection.clients, example, signal), example, new Narrator(terminal), claims);
      return engine;
    },
  );
  claims.make('Nothing is left running', async () => {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    return { holds: !answered, evidence: answered ? `${url} still answers` : `nothing answers at ${url}` };
  });
  if (!keep) {
    claims.make('Nothing is left on the disk', async () => {
      const there = await access(directory).then(
        () => true,
        () => false,
      );
      return { holds: !there, evidence: `${directory} ${there ? 'is still there' : 'is gone'}` };
    });
  }
  await claims.judge();
  terminal.data('');
  for (const line of verdictLines(claims.verdicts, terminal.dataStyle)) terminal.data(line);
  const failed = claims.verdicts.filter(({ holds }) => !holds).length;
  terminal.data('');
  terminal.data(
    `${claims.verdicts.length} claims, ${failed === 0 ? 'all true' : `${failed} false`}, in ${formatDuration(performance.now() - started)}.`,
  );
  if (keep) terminal.data(`Everything is in ${directory}: \`bclaw local start --directory ${directory}\` serves it.`);
  if (failed > 0) throw new Exit(exitCode.failed);
}

function verdictLines(verdicts: readonly Verdict[], style: Terminal['dataStyle']): string[] {
  const lines = [style.bold('Is it true? Asked of Step Functions, Lambda, Batch and S3:')];
  for (const { claim, holds, evidence } of verdicts) {
    lines.push(`${holds ? style.green('✓') : style.red('✗')} ${claim}`, style.dim(`    ${evidence}`));
  }
  return lines;
}
