import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/services/cloudformation/json.js';
import {
  dependenciesOf,
  inOrder,
  referencesIn,
} from '../../../../src/services/cloudformation/template/dependencies.js';
import { readTemplate } from '../../../../src/services/cloudformation/template/template.js';

const yes = () => true;

function dependencies(resources: Record<string, Json>) {
  const template = readTemplate({ Resources: resources });
  return dependenciesOf(template.resources, new Set(Object.keys(template.resources)), yes);
}

const resource = (properties: Record<string, Json> = {}, dependsOn: string[] = []) => ({
  Type: 'T::T::T',
  Properties: properties,
  DependsOn: dependsOn,
});

describe('dependenciesOf', () => {
  it('finds what Ref, Fn::GetAtt, Fn::Sub and DependsOn name, and nothing else', () => {
    const found = dependencies({
      A: resource(),
      B: resource({ x: { Ref: 'A' } }),
      C: resource({ x: { 'Fn::GetAtt': ['B', 'Arn'] } }),
      D: resource({ x: { 'Fn::Sub': '${C.Arn} ${!A} ${AWS::Region}' } }),
      E: resource({ x: { 'Fn::Sub': ['${A} ${D}', { A: 'own' }] } }),
      F: resource({ x: 'A' }, ['B']),
      G: resource({ x: { 'Fn::GetAtt': 'F.Arn' } }),
    });
    expect(Object.fromEntries([...found].map(([name, before]) => [name, [...before]]))).toEqual({
      A: [],
      B: ['A'],
      C: ['B'],
      D: ['C'],
      E: ['D'],
      F: ['B'],
      G: ['F'],
    });
  });

  it('looks only at the arm of an Fn::If that is used', () => {
    const expression = { 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'B' }] };
    expect(referencesIn(expression, () => true)).toEqual(['A']);
    expect(referencesIn(expression, () => false)).toEqual(['B']);
  });

  it('does not wait for a resource whose condition is false', () => {
    const { resources } = readTemplate({ Resources: { A: resource(), B: resource({}, ['A']) } });
    const { B } = resources;
    if (B === undefined) throw new Error('The template was read without B.');
    expect([...(dependenciesOf({ B }, new Set(['A', 'B']), yes).get('B') ?? [])]).toEqual([]);
  });

  it('names a circle, and what is not there', () => {
    expect(() =>
      dependencies({ A: resource({ x: { Ref: 'B' } }), B: resource({}, ['C']), C: resource({ x: { Ref: 'A' } }) }),
    ).toThrow(/^Circular dependency between resources: \[A, B, C\]$/);
    expect(() => dependencies({ A: resource({ x: { Ref: 'A' } }) })).toThrow(/\[A\]/);
    expect(() => dependencies({ A: resource({}, ['Missing']) })).toThrow(
      /Unresolved resource dependencies \[Missing\]/,
    );
  });
});

describe('inOrder', () => {
  it('puts everything after what it depends on, each once', () => {
    // Edges only to lower numbers: no circles.
    const graph = fc
      .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
      .map((rows) => rows.map((row, index) => row.filter(() => index > 0).map((target) => target % index)));
    fc.assert(
      fc.property(graph, (rows) => {
        const names = new Map(rows.map((row, index) => [`R${index}`, new Set(row.map((target) => `R${target}`))]));
        const shuffled = new Map([...names].reverse());
        const order = inOrder(shuffled);
        expect([...order].sort()).toEqual([...names.keys()].sort());
        for (const [name, before] of names)
          for (const other of before) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
      }),
    );
  });
});
