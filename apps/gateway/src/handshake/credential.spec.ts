import { describe, expect, it } from 'vitest';
import { credentialForm } from './credential.ts';

const basic = (userName: string, password: Buffer) =>
  `Basic ${Buffer.concat([Buffer.from(`${userName}:`), password]).toString('base64')}`;

describe('the form of a credential', () => {
  it.each([
    ['text', Buffer.from('correct horse')],
    ['hex', Buffer.from('0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF')],
    ['binary', Buffer.from('00010203ff', 'hex')],
  ] as const)('is %s by what the password is made of', (form, password) => {
    expect(credentialForm(basic('CP-1', password), '/ocpp/CP-1?x=1')).toEqual({
      scheme: 'Basic',
      userName: 'CP-1',
      form,
      bytes: password.length,
    });
  });

  it('splits at the first colon: the password may hold others', () => {
    expect(credentialForm(basic('CP', Buffer.from('a:b')), '/ocpp/CP')).toMatchObject({
      userName: 'CP',
      bytes: 3,
    });
  });

  it.each([
    ['Bearer abc.def', { scheme: 'Bearer', bytes: 7 }],
    ['Basic !!!', { scheme: 'Basic', bytes: 3 }],
    ['Basic bm9jb2xvbg==', { scheme: 'Basic', bytes: 7 }],
    ['hunter2', { scheme: 'none', bytes: 7 }],
    ['00112233 44556677', { scheme: 'none', bytes: 17 }],
    [basic('00112233', Buffer.from('CP-1')), { scheme: 'Basic', form: 'text', bytes: 4 }],
  ])('of %s keeps nothing of the secret', (header, form) => {
    expect(credentialForm(header, '/ocpp/CP-1')).toEqual(form);
  });

  it.each([
    ['/ocpp/north/CP%2F1', 'CP/1', 'CP/1'],
    ['/ocpp/CP%2F1?a/b', 'CP%2F1', 'CP%2F1'],
    ['/ocpp/%', '%', '%'],
    ['/ocpp/CP/1', 'CP/1', undefined],
    ['/ocpp/CP-1?KEY', 'KEY', undefined],
  ])('of path %s names the user %s as %s', (path, user, named) => {
    expect(credentialForm(basic(user, Buffer.from('x')), path)?.userName).toBe(named);
  });

  it('is nothing where none was sent', () => {
    expect(credentialForm(undefined, '/')).toBeUndefined();
  });
});
