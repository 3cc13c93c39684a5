import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../src/challenge.js';

describe('a WWW-Authenticate header', () => {
  it('of Docker Hub names realm, service and scope', () => {
    expect(
      parseChallenges(
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/ubuntu:pull"',
      ),
    ).toEqual([
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:library/ubuntu:pull',
        },
      },
    ]);
  });

  it('may hold several challenges, in any capitals, with and without quotes', () => {
    expect(parseChallenges('BASIC Realm=plain, bearer REALM="https://a.example/t, u" , error="no \\"name\\""')).toEqual(
      [
        { scheme: 'basic', parameters: { realm: 'plain' } },
        { scheme: 'bearer', parameters: { realm: 'https://a.example/t, u', error: 'no "name"' } },
      ],
    );
  });

  it.each(['', ',', '=', '"', 'realm="x"', '§'])('that is nonsense (%j) holds no challenge', (header) => {
    expect(parseChallenges(header)).toEqual([]);
  });

  const token = fc.stringMatching(/^[a-z][a-z0-9_-]{0,9}$/);
  const challenge = fc.record({
    scheme: token,
    parameters: fc.dictionary(token, fc.string({ unit: 'grapheme-ascii' }), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    }),
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(challenge, { minLength: 1, maxLength: 3 }), (challenges) => {
        const header = challenges
          .map(({ scheme, parameters }) => {
            const pairs = Object.entries(parameters).map(
              ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&')}"`,
            );
            return `${scheme} ${pairs.join(', ')}`;
          })
          .join(', ');
        expect(parseChallenges(header)).toEqual(challenges);
      }),
    );
  });

  it('of any text is read without an error', () => {
    fc.assert(fc.property(fc.string(), (header) => Array.isArray(parseChallenges(header))));
  });
});
