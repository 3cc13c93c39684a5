// Writes docs/reference/cli.md from the `--help` output of the built `bclaw`; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { runCommand } from '../packages/cli/dist/index.js';

const root = new URL('..', import.meta.url).pathname;
const page = `${root}docs/reference/cli.md`;
// Commander wraps its help to the terminal's width if there is a terminal.
process.stdout.isTTY = false;

async function help(...words) {
  let printed = '';
  const stdout = new Writable({
    write(text, _encoding, done) {
      printed += text;
      done();
    },
  });
  await runCommand([...words, '--help'], { stdout, stderr: process.stderr, env: { NO_COLOR: '1' } });
  return printed;
}

/** The names of the commands in a help text. */
const commands = (text) =>
  [...text.matchAll(/^ {2}([a-z][a-z-]*)(?= |$)/gm)]
    .map((match) => match[1])
    .filter((name) => name !== 'help' && name !== 'bclaw');

const sections = [];
async function add(words) {
  const text = await help(...words);
  const listed = text.includes('Commands:') || words.length === 0 ? commands(text) : [];
  sections.push(
    `${'#'.repeat(words.length === 0 ? 1 : 2)} ${['bclaw', ...words].join(' ')}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`,
  );
  for (const name of listed) await add([...words, name]);
}
await add([]);
const intro = `Data goes to standard output, everything else to standard error. Exit codes: 0 ok, 1 failed, 2 usage, 3 diagnostics with
errors; 4 only where \`plan --exit-code\` asks for it; 130 interrupted. Times are UTC. A command works on AWS, or on the embedded engine with
\`--local\`, with \`AWS_ENDPOINT_URL\`, or when one runs in this folder or above it. This page is written by \`node tools/cli-reference.mjs\`.

With \`--json\`, standard output is one JSON value, times in ISO 8601; its types are those of [the library of operations](ops.md):

| command | its value |
|---|---|
| \`plan\`, \`deploy\`, \`rollback\`, \`promote\`, \`prune\`, \`destroy\`, \`stop\`, \`redrive\` | what the function of that name returns |
| \`workflows\`, \`versions\`, \`history\`, \`executions\`, \`status\` | of \`listWorkflows\`, \`listVersions\`, \`readHistory\`, \`listExecutions\`, \`readStatus\` |
| \`redrive --watch\` | of \`readStatus\`, at the end |
| \`report --format json\` | of \`readReport\` |
| \`destroy --dry-run\` | of \`findRemains\` |
| \`dead-letters\`, with \`--redrive\` | of \`listDeadLetters\`, \`redriveDeadLetters\` |
| \`submit\` | of \`submit\`; with \`--watch\`, each job together with its \`readStatus\` |
| \`run\` | \`status\` (of \`readStatus\`), \`repository\`, \`files\` |
| \`logs\`, \`local messages\` | an object a line, so that they can be followed |
| \`install\` | \`outcome\`, \`installation\`, \`core\` (what \`compile --core\` reads) |
| \`doctor\` | of \`diagnose\` |
| \`init\` | \`directory\`, \`files\`, \`next\` (the commands to type) |
| \`local start\`, \`local status\` | \`running\`, and when true \`url\`, \`pid\`, \`directory\`, \`executor\`, \`region\`, \`accountId\`, \`startedAt\` |
| \`local ls\` | \`objects\`, each with \`uri\` and \`bytes\` |
`;
const text = [sections[0].replace('\n\n', `\n\n${intro}\n`), ...sections.slice(1)].join('\n');
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error(
      'docs/reference/cli.md is not what the command prints; run: npm run build && node tools/cli-reference.mjs',
    );
    process.exit(1);
  }
} else writeFileSync(page, text);
