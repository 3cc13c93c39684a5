import { describe, expect, it } from 'vitest';
import { parseRegistryLogin } from '../../src/scalars/registry-login.js';

describe('the login of a private registry', () => {
  it('is a JSON object with a name and a password', () => {
    const login = { username: 'lab', password: 'p:w "1" ä' };
    expect(parseRegistryLogin(JSON.stringify({ ...login, note: 'more' }))).toEqual(login);
  });

  it.each(['', 'lab:secret', '"lab"', 'null', '{"username":"lab"}', '{"username":"lab","password":1}'])(
    'is not %s',
    (text) => {
      expect(parseRegistryLogin(text)).toBeUndefined();
    },
  );
});
