import { describe, expect, it } from 'vitest';
import { select } from '../../src/scatter/selector.js';

const found = (document: unknown, selector: string) => select(document, selector, 'x', 's3://b/k');

describe('regular expressions in a selector', () => {
  it('are matched in linear time, whatever the text', () => {
    const text = `${'a'.repeat(50_000)}!`;
    expect(found([text, 'aaa'], "$[?match(@, '(a|a)*')]")).toEqual(['aaa']);
    expect(found([text, 'aaa'], "$[?search(@, '(a+)+$')]")).toEqual(['aaa']);
  });

  it('match as RFC 9485 has it: match() the whole text, search() a part of it', () => {
    const data = ['S1_R1.fq', 'S1_R2.fq', 'S12_R1.fq.gz', 7];
    expect(found(data, "$[?match(@, 'S[0-9]+_R1\\\\.fq')]")).toEqual(['S1_R1.fq']);
    expect(found(data, "$[?match(@, 'x|S1_R2.fq')]")).toEqual(['S1_R2.fq']);
    expect(found(data, "$[?search(@, '\\\\p{Lu}12')]")).toEqual(['S12_R1.fq.gz']);
  });

  it('are refused where JSONPath has none such, instead of selecting something else', () => {
    expect(() => found(['a'], "$[?match(@, '(?=a)a')]")).toThrow(/RFC 9485/);
    expect(() => found(['aa'], "$[?match(@, '(a)\\\\1')]")).toThrow(/RFC 9485/);
  });
});
