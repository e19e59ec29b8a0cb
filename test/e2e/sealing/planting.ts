import type { Appended } from '@chargeproof/projection/testing';
import fc from 'fast-check';

/** A value put into generated traffic: into which of its frames, in which way of saying it. */
export type Plant = {
  readonly secret: string;
  readonly at: number;
  readonly form: FormName;
  readonly cut: number;
};

/** Every letter as an escape. */
const escaped = (text: string) =>
  text.replace(/[A-Za-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

/** Members of a payload, as they are written, that say a secret or a tag (issue 6, part 6). */
const FORMS = {
  tag: (s) => `"idTag":"${s}"`,
  parentTag: (s) => `"idTagInfo":{"status":"Accepted","parentIdTag":"${s}"}`,
  token: (s) => `"idToken":{"idToken":"${s}","type":"ISO14443"}`,
  password: (s) => `"password":"${s}"`,
  escapedName: (s) => `"${escaped('idTag')}":"${s}"`,
  escapedValue: (s) => `"idTag":"${escaped(s)}"`,
  twice: (s) => `"idTag":"${s}","idTag":"other"`,
  valueBeforeKey: (s) => `"value":"${s}","key":"AuthorizationKey"`,
  keyBeforeValue: (s) => `"key":"AuthorizationKey","value":"${s}"`,
  readBack: (s) => `"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"${s}"}]`,
  urlPassword: (s) => `"location":"ftp://user:${s}@host.example/f"`,
  urlQuery: (s) => `"location":"https://host.example/f?a=1&token=${s}"`,
  dataTransfer: (s) => `"vendorId":"v","data":"${quoted(`{"idTag":"${s}"}`)}"`,
  dataInData: (s) => `"vendorId":"v","data":"${quoted(JSON.stringify({ data: `{"cardId":"${s}"}` }))}"`,
} as const satisfies Record<string, (secret: string) => string>;
type FormName = keyof typeof FORMS | 'path';

const FORM_NAMES = [...Object.keys(FORMS), 'path'] as FormName[];

/** Values that stand nowhere else; the plainest form first, so that what shrinks becomes plain. */
export const plants: fc.Arbitrary<readonly Plant[]> = fc.uniqueArray(
  fc.record({
    secret: fc.stringMatching(/^[A-Z][A-Za-z0-9]{11,19}$/),
    at: fc.nat({ max: 60 }),
    form: fc.constantFrom(...FORM_NAMES),
    /** Characters that are missing at the end of the frame, more often than not none. */
    cut: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat({ max: 30 })),
  }),
  { minLength: 1, maxLength: 6, selector: ({ secret }) => secret.toLowerCase() },
);

const METERS = /sampledValue|meterValue|transactionData/i;
const decoder = new TextDecoder();
const HANDSHAKES: ReadonlySet<string> = new Set(['ocpp.handshake-accepted.v1', 'ocpp.handshake-refused.v1']);

/** Of a value that was cut off so many characters are a secret still. */
const LEAST = 8;

/** The same traffic, with each value in it somewhere, and what of them stands there: a cut may have left a part, or none. */
export function planted(
  appended: readonly Appended[],
  wanted: readonly Plant[],
): { readonly traffic: readonly Appended[]; readonly secrets: readonly string[] } {
  const traffic = [...appended];
  const places = (of: (type: string) => boolean) =>
    traffic.flatMap(({ record: { attributes } }, index) => (of(attributes.type) ? [index] : []));
  const frames = places((type) => type === 'ocpp.frame.v1');
  const handshakes = places((type) => HANDSHAKES.has(type));
  for (const plant of wanted) {
    const candidates = plant.form === 'path' ? handshakes : frames;
    const index = candidates[plant.at % candidates.length] ?? -1;
    const one = traffic[index];
    if (one === undefined) continue;
    const before = decoder.decode(one.record.value);
    // Decision 5: where readings stand, a value whose name was cut off is taken for one of them.
    if (plant.form === 'valueBeforeKey' && METERS.test(before)) continue;
    const text = said(before, plant);
    traffic[index] = { ...one, record: { ...one.record, value: Buffer.from(text) } };
  }
  const all = traffic.map(({ record: { value } }) => readable(decoder.decode(value))).join('\n');
  return { traffic, secrets: wanted.flatMap(({ secret }) => longestIn(all, secret)) };
}

/** The longest beginning of a value that stands there; none where it is too short to tell anything. */
function longestIn(text: string, secret: string): readonly string[] {
  for (let length = secret.length; length >= LEAST; length--) {
    const part = secret.slice(0, length);
    if (text.includes(part)) return [part];
  }
  return [];
}

function said(text: string, { secret, form, cut }: Plant): string {
  if (form === 'path') {
    const shaken = JSON.parse(text) as { readonly rawPath: string };
    const sign = shaken.rawPath.includes('?') ? '&' : '?';
    return JSON.stringify({ ...shaken, rawPath: `${shaken.rawPath}${sign}password=${secret}` });
  }
  const member = FORMS[form](secret);
  const open = text.indexOf('{') + 1;
  const rest = text.slice(open).trimStart();
  const whole =
    open === 0
      ? `[2,"planted","DataTransfer",{${member}}]`
      : `${text.slice(0, open)}${member}${rest.startsWith('}') || rest === '' ? '' : ','}${rest}`;
  return whole.slice(0, Math.max(1, whole.length - cut));
}

/** A text with its escapes undone, as often as they may be written one in another: what a reader of it finds. */
export function readable(text: string): string {
  const undone = [text];
  for (let depth = 0; depth < 4; depth++) {
    const last = undone.at(-1) ?? '';
    const next = last
      .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replace(/\\(["\\/])/g, '$1');
    if (next === last) break;
    undone.push(next);
  }
  return undone.join('\n');
}
