import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

const codesOf = (text: string) => parse(text).diagnostics.map(({ code }) => code);

describe('a text that would keep the YAML parser busy', () => {
  it.each(['|\n', '- ', '? '])('is given up at its 800,000th word or sign: %j', (piece) => {
    expect(codesOf(`Steps:\n  - a:\n      image: ${piece.repeat(450_000)}`)).toEqual(['limit-exceeded']);
  });

  it.each(['[', '{a: ', '- '])('is given up when it is too deep, wherever the depth ends: %j', (piece) => {
    expect(codesOf(piece.repeat(105))).toEqual(['limit-exceeded']);
    expect(codesOf(piece.repeat(90_000))).toEqual(['limit-exceeded']);
    expect(codesOf(`Steps: ${piece === '- ' ? '\n' : ''}${piece.repeat(99)}`)).not.toContain('limit-exceeded');
  });
});
