import { Composer, type CST } from 'yaml';
import type { DiagnosticCode } from '../codes.js';
import type { SourcePosition } from '../diagnostics.js';
import { maxTemplateCharacters } from '../limits.js';
import type { PlacedFinding, TemplateDocument } from './document.js';
import { Lines } from './lines.js';
import { Locator } from './locator.js';
import { type TextFault, textFaults } from './portable-text.js';
import { Reader } from './reader.js';
import { syntaxFindings } from './syntax-errors.js';
import { tokensOf } from './tokens.js';

/**
 * Parses YAML (JSON included) to a plain tree that can locate its values in the text.
 *
 * CloudFormation's short tags (`!Ref x`) are converted to the long form (`{Ref: x}`), as CloudFormation does for a
 * macro. Anything that CloudFormation rejects or reads differently is an error, so that all readers of a template see
 * the same values.
 */
export function readYaml(text: string): TemplateDocument {
  if (text.length > maxTemplateCharacters)
    return broken('limit-exceeded', 'The template is larger than 1 MB, the CloudFormation quota "Template body size".');
  const lines = new Lines(text);
  const { tokens, excess } = tokensOf(text);
  if (excess !== undefined) return broken(excess.code, excess.message, lines.position(excess.offset));
  const [document, second] = composed(tokens, text);
  if (document === undefined) return broken('yaml-syntax', 'The template is empty.');
  if (second !== undefined)
    return broken(
      'yaml-syntax',
      'This is not a template: it has several YAML documents.',
      lines.position(second.range[0]),
      'A template is one document; remove the "---" in the middle.',
    );
  // Places are only needed for diagnostics. The nodes with places take many times the memory of the text, so they are
  // created again for that.
  let locator: Locator | undefined;
  const locate: TemplateDocument['locate'] = (path, spot) => {
    locator ??= new Locator(composed(tokensOf(text).tokens, text)[0], lines, text);
    return locator.locate(path, spot);
  };
  if (document.errors.length > 0)
    return { value: null, sound: false, findings: syntaxFindings(document.errors, text, lines), locate };
  const isYaml = !isJson(text);
  const reader = new Reader(isYaml);
  const value = reader.read(document.contents);
  const faults = isYaml ? [...directives(tokens), ...textFaults(text)] : [];
  const findings = [
    ...undecoded(text, lines),
    ...faults.map(({ offset, length, ...fault }) => ({
      ...fault,
      severity: 'error' as const,
      path: [],
      spot: 'value' as const,
      range: lines.range(offset, offset + length),
    })),
    ...reader.report.findings,
  ];
  return { value, sound: reader.sound, findings, locate };
}

/** Decoding a file replaces bytes that are not UTF-8 by U+FFFD. */
function undecoded(text: string, lines: Lines): PlacedFinding[] {
  const at = text.indexOf('\uFFFD');
  if (at === -1) return [];
  return [
    {
      code: 'not-utf-8',
      severity: 'warning',
      message: 'The file is not in UTF-8: this character is lost.',
      path: [],
      spot: 'value',
      range: lines.range(at, at + 1),
      hint: 'Save the file as UTF-8.',
    },
  ];
}

function composed(tokens: Iterable<CST.Token>, text: string) {
  // The schema `failsafe` keeps all scalars as texts, and Reader converts those that may be other values. uniqueKeys
  // would compare every key with every other; Reader does it in linear time.
  const composer = new Composer({ uniqueKeys: false, logLevel: 'silent', schema: 'failsafe' });
  return [...composer.compose(tokens, true, text.length)];
}

/** CloudFormation reads a template as JSON when it is valid JSON; then no scalar is ambiguous. */
function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function directives(tokens: readonly CST.Token[]): TextFault[] {
  return tokens.flatMap((token) =>
    token.type !== 'directive'
      ? []
      : {
          code: 'unsupported-yaml',
          offset: token.offset,
          length: token.source.length,
          message: `The directive \`${token.source.trim()}\` may change how the template is read.`,
          hint: 'Remove the line: CloudFormation reads YAML 1.1 whatever it says.',
        },
  );
}

const top: SourcePosition = { line: 1, column: 1, offset: 0 };

function broken(code: DiagnosticCode, message: string, start = top, hint?: string): TemplateDocument {
  const range = { start, end: start };
  const finding = { code, severity: 'error', message, path: [], spot: 'value', range } as const;
  return {
    value: null,
    sound: false,
    findings: [hint === undefined ? finding : { ...finding, hint }],
    locate: () => range,
  };
}
