import type { Observation } from '@chargeproof/ocpp';
import type { Fact, Projection } from '@chargeproof/projection';
import type { LoggedRecord, SealedClass, SealedForm, SealedValue } from '@chargeproof/record';
import { standInsOf } from '@chargeproof/record';
import type { Columns } from '@chargeproof/tables';

/** What was sealed by a key is one by its nonce (decision 5): each spelling of a tag has its own, by each key. */
const key = {
  stand_in: 'String',
  key_id: 'LowCardinality(String)',
  nonce: 'String',
} as const satisfies Columns;
const values = {
  class: 'LowCardinality(String)',
  /** Base64, as the record has it. */
  ciphertext: 'String',
  /** The record that showed it first. */
  record: 'String',
} as const satisfies Columns;

/** Passwords and keys are in the log alone: what is not here nobody can have opened by asking. */
const KEPT: ReadonlySet<SealedClass> = new Set<SealedClass>(['idTag', 'personal']);
/** Of a frame that cannot be tokenised more is sealed than the value, and that may hold a secret. */
const WHOLE: ReadonlySet<SealedForm['json']> = new Set<SealedForm['json']>(['string', 'number']);
/** A kilobyte in base64: a tag has 36 characters at most, and certificates and letters are no names of anybody. */
const LONGEST = 1400;

/** Stations see some hundred tags. What one shows beyond these is written again whenever it shows it. */
const MOST_KNOWN = 2000;

/** Key id and nonce of what was told. */
type State = Readonly<Record<string, 1>>;

/** What stand-ins stand for, sealed: for showing a tag to whoever may see it. In a table as in the log, no tag is clear. */
export const subjects: Projection<State> = {
  name: 'subjects',
  version: 1,
  of: 'station',
  key,
  values,
  initial: {},
  apply(state, observation) {
    const record = recordOf(observation);
    const sealed = record?.attributes.sealed;
    if (record === undefined || sealed === undefined) return { state, facts: [] };
    const found = new Map<string, readonly [standIn: string, value: SealedValue]>();
    for (const named of standInsOf(record.value, sealed)) {
      const name = nameOf(named[1]);
      if (isKept(named[1]) && !(name in state)) found.set(name, named);
    }
    if (found.size === 0) return { state, facts: [] };
    const room = Math.max(0, MOST_KNOWN - Object.keys(state).length);
    const learnt = [...found.keys()].slice(0, room).map((name) => [name, 1] as const);
    const facts = [...found.values()].map((named) => toFact(named, record.attributes.id, observation.time));
    return { state: learnt.length === 0 ? state : { ...state, ...Object.fromEntries(learnt) }, facts };
  },
};

function recordOf(observation: Observation): LoggedRecord | undefined {
  return observation.kind === 'frame' || observation.kind === 'record' ? observation.record : undefined;
}

const isKept = ({ class: sealedClass, form, ciphertext }: SealedValue) =>
  KEPT.has(sealedClass) && WHOLE.has(form.json) && ciphertext.length <= LONGEST;

const nameOf = ({ key, nonce }: SealedValue) => `${key} ${nonce}`;

function toFact([standIn, value]: readonly [string, SealedValue], record: string, time: Fact['time']): Fact {
  const { class: sealedClass, key, nonce, ciphertext } = value;
  return {
    key: { stand_in: standIn, key_id: key, nonce },
    values: { class: sealedClass, ciphertext, record },
    time,
    // Only a record that comes late can change which one showed it first.
    settled: true,
  };
}
