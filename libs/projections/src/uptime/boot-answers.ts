import { readFrame, member, payloadIn, textOf } from '@chargeproof/ocpp';
import type { Micros, RecordId } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import type { BootAnswer } from '@chargeproof/uptime';
import { bootsOf } from '../energy/sample-rows.ts';
import { framesById } from '../evidence/frames-by-id.ts';
import { exchanges } from '../exchanges/exchanges.ts';
import { bytesOf, type FrameRow } from '../frames/frame-row.ts';
import { factsAt } from '../read-at/facts-at.ts';
import type { StationsAt } from './uptime-rows.ts';

/** A station that is kept waiting boots again at least once a day: of an older answer nobody waits any more. */
const LONGEST_WAIT: Micros = 2 * 86_400_000_000;
/** A statement has at most 256 KiB. */
const BOOTS_A_QUERY = 1000;

type AnsweredRow = {
  readonly station: string;
  readonly call_record: RecordId;
  readonly answer_record: RecordId;
  readonly called_us: string;
  readonly answered_us: string;
};

/** What the stations' BootNotifications were answered in the time, and before it as far as that may hold in it. */
export async function bootAnswersOf(
  store: Store,
  at: StationsAt,
  [from, to]: readonly [Micros, Micros],
): Promise<readonly (BootAnswer & { readonly station: string })[]> {
  const boots = await bootsOf(store, at, [from - LONGEST_WAIT, to]);
  const rows: AnsweredRow[] = [];
  for (let next = 0; next < boots.length; next += BOOTS_A_QUERY) {
    const some = boots.slice(next, next + BOOTS_A_QUERY).map(({ record }) => record);
    rows.push(...(await answeredOf(store, at, some)));
  }
  const { tenant, station: stations, frontier } = at;
  const ids = rows.map(({ answer_record }) => answer_record);
  const answers = await framesById(store, { tenant, stations, ids, frontier });
  return rows.map(({ station, call_record, answer_record, called_us, answered_us }) => ({
    station,
    booted: Number(called_us),
    answered: Number(answered_us),
    status: statusIn(answers.get(answer_record)),
    records: [call_record, answer_record],
  }));
}

function answeredOf(
  store: Store,
  at: StationsAt,
  boots: readonly RecordId[],
): Promise<readonly AnsweredRow[]> {
  const facts = factsAt(exchanges, at);
  return store.select<AnsweredRow>(
    `SELECT station, call_record, answer_record, toUnixTimestamp64Micro(called) AS called_us, toUnixTimestamp64Micro(answered) AS answered_us
FROM ${facts.sql} WHERE exchange IN {boots:Array(String)} AND outcome IN ('result', 'late')
  AND answer_record IS NOT NULL AND called IS NOT NULL AND answered IS NOT NULL
ORDER BY station, answered, exchange`,
    { ...facts.parameters, boots },
  );
}

const statusIn = (answer: FrameRow | undefined): string =>
  answer === undefined ? '' : (textOf(member(payloadIn(readFrame(bytesOf(answer), 'text')), 'status')) ?? '');
