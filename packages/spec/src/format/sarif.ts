import { diagnosticCodes } from '../codes.js';
import type { DiagnosedSource } from './source.js';

/** Diagnostics as a SARIF 2.1.0 log, which code scanning services read. */
export function formatAsSarif(sources: readonly DiagnosedSource[]): string {
  const all = sources.flatMap(({ file, diagnostics }) => diagnostics.map((diagnostic) => ({ file, diagnostic })));
  const codes = [...new Set(all.map(({ diagnostic }) => diagnostic.code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'bclaw', rules: codes.map(rule) } },
        // SARIF's default unit for columns is UTF-16 units, as in Diagnostic.
        columnKind: 'utf16CodeUnits',
        results: all.map(({ file, diagnostic: { code, severity, message, range, hint } }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text: hint === undefined ? message : `${message} ${hint}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: {
                  uri: encodeURI(file ?? 'template')
                    .replaceAll('#', '%23')
                    .replaceAll('?', '%3F'),
                },
                ...(range === undefined
                  ? {}
                  : {
                      region: {
                        startLine: range.start.line,
                        startColumn: range.start.column,
                        endLine: range.end.line,
                        endColumn: range.end.column,
                      },
                    }),
              },
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The description of a code that code scanning shows with its results. */
function rule(id: string): object {
  const text = Object.entries(diagnosticCodes).find(([code]) => code === id)?.[1];
  return text === undefined ? { id } : { id, shortDescription: { text } };
}
