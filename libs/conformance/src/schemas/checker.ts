import type { Micros, SealedForm } from '@chargeproof/record';
import { Ajv, type ValidateFunction } from 'ajv';
import { codePointsOf } from '../code-points.ts';
import type { Breach } from '../rules.ts';
import { adapted } from './adapted.ts';
import { breachesOf } from './breaches.ts';
import { dateTimeFault } from './date-time.ts';
import { PUBLISHED, type Schema } from './published.ts';

/** What a payload is judged by beside its schema. */
export type PayloadContext = {
  /** Effective time of the frame. */
  readonly received: Micros;
  /** Stand-in → the form of what it stands for, of a frame with sealed values. */
  readonly forms: ReadonlyMap<string, SealedForm>;
};

export type Half = 'call' | 'answer';

/**
 * The breaches of an action's schema in a payload, as JSON.parse gives it.
 * @returns undefined where that version has no schema of it
 */
export function schemaBreaches(
  protocol: string,
  action: string,
  half: Half,
  payload: unknown,
  context: PayloadContext,
): readonly Breach[] | undefined {
  const validate = validatorOf(protocol, action, half);
  if (validate === undefined) return undefined;
  return validate.call(context, payload) ? [] : breachesOf(validate.errors ?? [], context);
}

/** Of one version; each is compiled when it is first asked for, because there are hundreds. */
class Validators {
  readonly #ajv = new Ajv(OPTIONS);
  readonly #published = new Map<string, Schema>();
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(schemas: readonly Schema[]) {
    this.#ajv.addKeyword({ keyword: 'ocppDateTime', type: 'string', validate: isDateTime, errors: false });
    this.#ajv.addKeyword({
      keyword: 'ocppMaxLength',
      type: 'string',
      validate: isShortEnough,
      errors: false,
    });
    for (const schema of schemas) this.#published.set(String(schema.$id), schema);
  }

  of(id: string): ValidateFunction | undefined {
    const known = this.#compiled.get(id);
    if (known !== undefined) return known;
    const schema = this.#published.get(id);
    if (schema === undefined) return undefined;
    const compiled = this.#ajv.compile(adapted(schema));
    this.#compiled.set(id, compiled);
    return compiled;
  }
}

const OPTIONS = {
  allErrors: true,
  verbose: true,
  passContext: true,
  strict: false,
  // 8.1 is no multiple of 0.1 in floating point.
  multipleOfPrecision: 6,
} as const;

const versions = new Map<string, Validators>();

/** @returns undefined where that version has no schema of it */
export function validatorOf(protocol: string, action: string, half: Half): ValidateFunction | undefined {
  const published = PUBLISHED[protocol];
  if (published === undefined) return undefined;
  let validators = versions.get(protocol);
  if (validators === undefined) versions.set(protocol, (validators = new Validators(published.schemas)));
  return validators.of(published[half](action));
}

function isDateTime(this: PayloadContext, _schema: unknown, text: string): boolean {
  return dateTimeFault(text, this.received) === undefined;
}

/** A sealed value is as long as what it stands for; one that was no string has the wrong type. */
function isShortEnough(this: PayloadContext, longest: number, text: string): boolean {
  const form = this.forms.get(text);
  if (form !== undefined) return form.json === 'string' && form.codePoints <= longest;
  return text.length <= longest || codePointsOf(text) <= longest;
}
