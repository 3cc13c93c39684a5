import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { templates } from './corpus.js';
import { parsed, parsedAsValue, type Use } from './judge.js';
import { mangled } from './mangled-text.js';
import { oneMistake } from './mistakes.js';
import { entriesOf, mutations } from './mutation.js';
import { anyBytes, anyLines, anyTemplate, anyValue } from './random-yaml.js';

/** A law that the parser must satisfy for any input; `share` of the cases, 1 for all properties together. */
export interface FuzzProperty {
  readonly name: string;
  readonly share: number;
  readonly property: fc.IProperty<unknown>;
}

/** @param use called with every workflow that the parser accepts */
export function fuzzProperties(use: Use): readonly FuzzProperty[] {
  return [
    { name: 'random bytes', share: 0.1, property: fc.property(anyBytes, (text) => void parsed(text, use)) },
    { name: 'random YAML', share: 0.1, property: fc.property(anyLines, (text) => void parsed(text, use)) },
    {
      name: 'random values, as text and as they are',
      share: 0.1,
      property: fc.property(anyTemplate, (value) => {
        parsed(stringify(value), use);
        parsedAsValue(value, use);
      }),
    },
    {
      name: 'templates with changed characters',
      share: 0.15,
      property: fc.property(mangled, (text) => void parsed(text, use)),
    },
    {
      name: 'templates with a random value in them',
      share: 0.1,
      property: fc.property(fc.constantFrom(...templates), fc.nat(), anyValue, (template, which, value) => {
        const document = parseDocument(template, { uniqueKeys: false });
        const entries = entriesOf(document);
        const entry = entries[which % Math.max(1, entries.length)];
        if (entry === undefined || document.errors.length > 0) return;
        entry.pair.value = document.createNode(value);
        parsed(String(document), use);
      }),
    },
    ...mutations.map((mutation) => ({
      name: `templates with ${mutation.name}`,
      share: 0.45 / mutations.length,
      property: oneMistake(mutation, use),
    })),
  ];
}
