import type { Micros, RecordId } from '@chargeproof/record';
import type { ConditionInterval, Proven, UptimeInput, UptimeResult, UptimeVerdict } from './contract.ts';
import { doubtsOf } from './doubts.ts';
import { unregisteredOf } from './registration.ts';
import { type Condition, conditionOf, holding } from './statuses.ts';
import { changes, type Piece, readerOf, timelineOf } from './timeline.ts';

/**
 * How long a connector was up, down, and neither is known. One verdict a moment, the first that applies:
 * nobody watched; the station was not seen yet; it had no link (down); it was not registered (down); its link was
 * silent; it or its station was faulted or unavailable (down); it said nothing, or a word unknown to OCPP; else
 * up, unless records were lost that may have told otherwise.
 * Overlaps count once, because moments are judged and not outages. Unknown is neither up nor down.
 */
export function uptimeOf(input: UptimeInput): UptimeResult {
  const intervals = joined(judged(input));
  const lasting = (verdict: UptimeVerdict) =>
    intervals.reduce((sum, one) => (one.verdict === verdict ? sum + (one.to - one.from) : sum), 0);
  return { up: lasting('UP'), down: lasting('DOWN'), unknown: lasting('UNKNOWN'), intervals };
}

type Judged = Piece<Condition & { readonly records: readonly RecordId[] }>;

function judged(input: UptimeInput): readonly Judged[] {
  const { window } = input;
  if (window.from >= window.to) return [];
  const layers = layersOf(input);
  const judge = judgeOf(layers, input.firstSeen ?? Infinity);
  const seen = input.firstSeen === null ? [] : [{ from: input.firstSeen, to: input.firstSeen }];
  const moments = changes([...Object.values(layers), seen], window);
  return moments
    .slice(0, -1)
    .map((from, index) => ({ from, to: moments[index + 1] ?? window.to, item: judge(from) }));
}

function layersOf(input: UptimeInput) {
  const statuses = holding(input);
  const of = (connector: number) => timelineOf(statuses.filter((status) => status.connector === connector));
  return {
    watched: timelineOf<Proven>(input.watched),
    links: timelineOf<Proven>(input.links),
    unregistered: timelineOf<Proven>(unregisteredOf(input.registrations ?? [], input.watched)),
    silences: timelineOf<Proven>(input.silences ?? []),
    doubts: timelineOf<Proven>(doubtsOf(input)),
    own: of(input.connector),
    station: of(0),
  };
}

function judgeOf(layers: ReturnType<typeof layersOf>, firstSeen: Micros): (at: Micros) => Judged['item'] {
  const watched = readerOf(layers.watched);
  const links = readerOf(layers.links);
  const unregistered = readerOf(layers.unregistered);
  const silences = readerOf(layers.silences);
  const doubts = readerOf(layers.doubts);
  const own = readerOf(layers.own);
  const station = readerOf(layers.station);
  const around = neighboursOf(layers.links);
  return (at) => {
    if (watched(at) === undefined) return unknown('no-coverage');
    if (at < firstSeen) return unknown('not-seen');
    const link = links(at);
    if (link === undefined) return { verdict: 'DOWN', cause: 'offline', records: around(at) };
    const waiting = unregistered(at);
    if (waiting !== undefined)
      return { verdict: 'DOWN', cause: 'unregistered', records: recordsOf([link, waiting]) };
    const silence = silences(at);
    if (silence !== undefined) return unknown('silent', [silence]);
    const [mine, all] = [own(at), station(at)];
    const condition = conditionOf(mine?.item.status, all?.item.status);
    const told = [mine, all].filter((piece) => piece !== undefined);
    const doubt = condition.verdict === 'UP' ? doubts(at) : undefined;
    if (doubt !== undefined) return unknown('records-lost', [doubt]);
    return { ...condition, records: recordsOf([link, ...told]) };
  };
}

const unknown = (cause: Condition['cause'], proven: readonly Piece<Proven>[] = []): Judged['item'] => ({
  verdict: 'UNKNOWN',
  cause,
  records: recordsOf(proven),
});

const recordsOf = (pieces: readonly Piece<Proven>[]) => pieces.flatMap(({ item }) => item.records);

/** Of moments without a link: the links before and after prove that there was none. */
function neighboursOf(links: readonly Piece<Proven>[]): (at: Micros) => readonly RecordId[] {
  let next = 0;
  return (at) => {
    while (next < links.length && (links[next]?.from ?? Infinity) <= at) next++;
    return recordsOf([links[next - 1], links[next]].filter((piece) => piece !== undefined));
  };
}

/** Neighbours of one verdict and cause are one interval, with the records of both. */
function joined(pieces: readonly Judged[]): readonly ConditionInterval[] {
  const runs: { from: Micros; to: Micros; condition: Condition; records: Set<RecordId> }[] = [];
  for (const { from, to, item } of pieces) {
    const last = runs.at(-1);
    if (last?.condition.verdict === item.verdict && last.condition.cause === item.cause) {
      last.to = to;
      for (const record of item.records) last.records.add(record);
    } else runs.push({ from, to, condition: item, records: new Set(item.records) });
  }
  return runs.map(({ from, to, condition: { verdict, cause }, records }) => ({
    from,
    to,
    verdict,
    cause,
    records: [...records],
  }));
}
