import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from '@chargeproof/record';
import type { Planted } from './planted.ts';

/** What a deployment names, and a frame for each rule. */
const RULES = {
  members: ['vendorPin', { name: 'badgeNo', class: 'idTag' }],
  configurationKeys: ['X-Unlock'],
  dataTransfer: [{ vendorId: 'com.acme' }, { vendorId: 'org.other', messageId: 'Login', path: 'user.code' }],
};

export const OWN_RULES = readRules(JSON.stringify(RULES));

/** @returns the file's path */
export function writeRules(folder: string): string {
  const file = join(folder, 'sealing-rules.json');
  writeFileSync(file, JSON.stringify(RULES));
  return file;
}

const FRAMES: readonly (readonly [string, (secret: string) => string])[] = [
  ['a member', (s) => `[2,"o1","DataTransfer",{"vendorId":"v","data":"{\\"vendor_pin\\":\\"${s}\\"}"}]`],
  ['a tag by another name', (s) => `[3,"o2",{"status":"Accepted","badgeNo":"${s}"}]`],
  ['a member, cut off', (s) => `[2,"o3","DataTransfer",{"vendorId":"v","vendorPin":"${s}`],
  ['a configuration key', (s) => `[3,"o4",{"configurationKey":[{"value":"${s}","key":"x-unlock"}]}]`],
  ["all of a vendor's data", (s) => `[2,"o5","DataTransfer",{"vendorId":"com.acme","data":"open ${s}"}]`],
  [
    'a path in its data',
    (s) =>
      `[2,"o6","DataTransfer",{"vendorId":"org.other","messageId":"Login","data":{"user":{"code":"${s}"}}}]`,
  ],
];

/** Secrets that only a deployment knows for such. */
export const OWN: readonly Planted[] = FRAMES.map(([form, write], at) => {
  const secret = `OWN${String(at).padStart(3, '0')}qZx7Kw`;
  return { form: `${form} that the deployment names`, secret, frame: write(secret) };
});
