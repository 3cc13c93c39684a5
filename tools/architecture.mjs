// Fails when a package has an import that the architecture forbids (docs/explanation/architecture.md). Every import
// counts, including type-only ones.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { cycles } from './architecture.cycles.mjs';
import { allowedCycles, rules } from './architecture.rules.mjs';

const root = process.argv[2] ?? new URL('..', import.meta.url).pathname;
const builtins = new Set(builtinModules);

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.[cm]?tsx?$/.test(entry.name)) yield path;
  }
}

/** Every module specifier in a file: static, re-exported, dynamic and `typeof import()`. */
function specifiers(path) {
  const text = readFileSync(path, 'utf8');
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const found = [];
  const add = (value, start) => found.push({ value, line: text.slice(0, start).split('\n').length });
  for (const item of module.staticImports) add(item.moduleRequest.value, item.start);
  for (const item of module.staticExports)
    for (const entry of item.entries) if (entry.moduleRequest) add(entry.moduleRequest.value, item.start);
  for (const item of module.dynamicImports) {
    const argument = text.slice(item.moduleRequest.start, item.moduleRequest.end);
    const literal = /^['"`]([^'"`$]*)['"`]$/.exec(argument);
    if (literal) add(literal[1], item.start);
  }
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) add(match[1], match.index);
  return found;
}

const packageName = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

let files = 0;
const violations = new Set();
for (const [name, rule] of Object.entries(rules)) {
  const folder = join(root, 'packages', name, 'src');
  const imports = new Map();
  for (const path of sources(folder)) {
    files += 1;
    const file = relative(folder, path);
    imports.set(file, []);
    for (const { value, line } of specifiers(path)) {
      const where = `${relative(root, path)}:${line}`;
      if (value.startsWith('.')) {
        if (relative(folder, join(path, '..', value)).startsWith('..'))
          violations.add(
            `${where}: "${value}" reaches outside packages/${name}/src; import the other package by its name`,
          );
        else imports.get(file).push(relative(folder, join(dirname(path), value)).replace(/\.js$/, '.ts'));
        continue;
      }
      const isBuiltin = value.startsWith('node:') || builtins.has(value);
      if (isBuiltin) {
        const allowed = rule.node === true || (Array.isArray(rule.node) && rule.node.includes(value));
        if (!allowed) violations.add(`${where}: @bclaw/${name} must not import ${value} (${rule.why})`);
      } else if (!rule.imports.includes(packageName(value)) && !rule.imports.includes(value)) {
        violations.add(`${where}: @bclaw/${name} must not import ${value} (${rule.why})`);
      }
    }
  }
  for (const cycle of cycles(imports)) {
    const isAllowed = (allowedCycles[name] ?? []).some(({ files }) => cycle.every((file) => files.includes(file)));
    if (!isAllowed)
      violations.add(
        `packages/${name}/src: ${cycle.join(', ')} import each other in a circle; move what both ends need into a file of its own`,
      );
  }
}

if (violations.size > 0) {
  for (const violation of [...violations].sort()) console.error(violation);
  console.error(`architecture: ${violations.size} forbidden import${violations.size === 1 ? '' : 's'}`);
  process.exit(1);
}
console.log(`architecture: ${files} files, every import allowed`);
