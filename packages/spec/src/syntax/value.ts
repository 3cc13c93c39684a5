import type { TemplatePath } from '../diagnostics.js';
import { maxDepth, maxNodes } from '../limits.js';
import { Report } from '../report.js';
import { isMap, type PlainMap, setEntry, type TemplateDocument } from './document.js';

/** Copies a template that is already a value, as a macro gets it from CloudFormation: within limits, without places. */
export function readValue(source: unknown): TemplateDocument {
  const report = new Report();
  let nodes = 0;
  let gaveUp = false;

  const giveUp = (path: TemplatePath, message: string): null => {
    if (!gaveUp) report.error('limit-exceeded', path, message);
    gaveUp = true;
    return null;
  };

  const copy = (value: unknown, path: TemplatePath): unknown => {
    if (gaveUp) return null;
    nodes += 1;
    if (nodes > maxNodes) return giveUp(path, `The template has more than ${maxNodes} values.`);
    if (path.length > maxDepth)
      return giveUp(path, `The template nests maps and lists more than ${maxDepth} levels deep.`);
    if (Array.isArray(value)) return value.map((item: unknown, index) => copy(item, [...path, index]));
    if (isMap(value)) {
      const map: PlainMap = {};
      for (const [key, entry] of Object.entries(value)) setEntry(map, key, copy(entry, [...path, key]));
      return map;
    }
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
    return null;
  };

  const value = copy(source, []);
  return { value, sound: !gaveUp, findings: report.findings, locate: () => undefined };
}
