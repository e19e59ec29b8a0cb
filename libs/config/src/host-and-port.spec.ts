import { expect, it } from 'vitest';
import { hostAndPort } from './host-and-port.ts';

it.each([
  ['time.example', 'time.example', 123],
  ['time.example:1123', 'time.example', 1123],
  ['10.0.0.1', '10.0.0.1', 123],
  ['[::1]', '::1', 123],
  ['[fe80::1]:65535', 'fe80::1', 65_535],
])('%s is a host and a port', (text, host, port) => {
  expect(hostAndPort(text, 123)).toEqual({ host, port });
});

it.each([
  '',
  ':123',
  'time.example:',
  'time.example:0',
  'time.example:65536',
  'ntp://time.example',
  '::1',
  'a b',
])('"%s" is none', (text) => {
  expect(hostAndPort(text, 123)).toBeUndefined();
});
