import { describe, expect, it } from 'vitest';
import { createRouter } from '../../src/wire/route.js';

const router = createRouter([
  { operation: 'GetFunction', method: 'GET', path: '/2015-03-31/functions/{FunctionName}' },
  { operation: 'ListFunctions', method: 'GET', path: '/2015-03-31/functions/' },
  { operation: 'Special', method: 'GET', path: '/2015-03-31/functions/special' },
  { operation: 'GetAlias', method: 'GET', path: '/2015-03-31/functions/{FunctionName}/aliases/{Name}' },
  { operation: 'ListTags', method: 'GET', path: '/v1/tags/{resourceArn+}' },
]);
const find = (method: string, path: string) => {
  const result = router.find(method, path);
  return result.kind === 'match' ? [result.match.route.operation, result.match.labels] : result.kind;
};

describe('createRouter', () => {
  it('finds operations by method and path, and gives the labels', () => {
    expect(find('GET', '/2015-03-31/functions/f')).toEqual(['GetFunction', { FunctionName: 'f' }]);
    expect(find('GET', '/2015-03-31/functions/f/aliases/live')).toEqual([
      'GetAlias',
      { FunctionName: 'f', Name: 'live' },
    ]);
    expect(find('POST', '/2015-03-31/functions/f')).toBe('unknown-path');
    expect(find('GET', '/2015-03-31/functions/f/other')).toBe('unknown-path');
  });

  it('prefers literal segments, and takes a trailing slash for nothing', () => {
    expect(find('GET', '/2015-03-31/functions/special')).toEqual(['Special', {}]);
    expect(find('GET', '/2015-03-31/functions')).toEqual(['ListFunctions', {}]);
    expect(find('GET', '/2015-03-31/functions/')).toEqual(['ListFunctions', {}]);
  });

  it('decodes labels after splitting, so that they may hold slashes', () => {
    expect(find('GET', '/2015-03-31/functions/arn%3Aaws%3Alambda%2Fx')).toEqual([
      'GetFunction',
      { FunctionName: 'arn:aws:lambda/x' },
    ]);
    expect(find('GET', '/v1/tags/arn:aws:batch:us-east-1:1:job-queue/q')).toEqual([
      'ListTags',
      { resourceArn: 'arn:aws:batch:us-east-1:1:job-queue/q' },
    ]);
    expect(find('GET', '/2015-03-31/functions/%zz')).toBe('bad-encoding');
  });
});
