import { connectorText, type Tone, toneOf } from '../parts/status.ts';
import type { StationTimelineQuery } from '../questions/generated.ts';

type Status = StationTimelineQuery['statusTimeline']['nodes'][number];
type Connection = StationTimelineQuery['connections']['nodes'][number];
type Transaction = StationTimelineQuery['transactions']['nodes'][number];

/** What a bar is of: its frames, or its transaction, open from it. */
export type Subject =
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'link'; readonly link: Connection }
  | { readonly kind: 'transaction'; readonly transaction: Transaction };

/** Something that lasted. Places are of the period: 0 is its beginning, 1 its end. */
export type Bar = {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly since: string;
  /** Null: it goes on. */
  readonly until: string | null;
  readonly word: string;
  readonly tone: Tone;
  readonly subject: Subject;
};

export type Lane = { readonly label: string; readonly bars: readonly Bar[] };
export type Window = { readonly from: string; readonly to: string };

/** The link, then each connector: what it was told to be, and what it charged. */
export function lanesOf(answer: StationTimelineQuery, window: Window): readonly Lane[] {
  const place = placeIn(window);
  const links = answer.connections.nodes.map((link) =>
    place(link.openedAt, link.closedAt ?? endOf(link), linkBar(link)),
  );
  const connectors = [...new Set(answer.statusTimeline.nodes.map(({ connector }) => connector))];
  const charged = answer.transactions.nodes.filter(({ startedAt }) => startedAt !== null);
  const others = charged.map(({ connector }) => connector).filter((one) => !connectors.includes(one));
  const all = [...connectors, ...new Set(others)].toSorted((a, b) => (a ?? 1e9) - (b ?? 1e9));
  return [
    { label: 'Link', bars: seen(links) },
    ...all.flatMap((connector) => {
      const label = connectorText(connector);
      const statuses = answer.statusTimeline.nodes
        .filter((status) => status.connector === connector)
        .map((status) => place(status.since, status.until, statusBar(status)));
      const transactions = charged
        .filter((one) => one.connector === connector)
        .map((one) => place(one.startedAt ?? '', one.stoppedAt, transactionBar(one)));
      return [
        { label, bars: seen(statuses) },
        ...(transactions.length > 0
          ? [{ label: `Transactions ${connector ?? ''}`, bars: seen(transactions) }]
          : []),
      ];
    }),
  ];
}

type Content = Pick<Bar, 'key' | 'word' | 'tone' | 'subject'>;

/** A refused handshake lasted no time; a lost link ended unseen, at nobody knows when. */
const endOf = ({ state, openedAt }: Connection) => (state === 'OPEN' ? null : openedAt);

function placeIn(window: Window) {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const at = (moment: string) => Math.min(1, Math.max(0, (Date.parse(moment) - from) / (to - from)));
  return (since: string, until: string | null, content: Content): Bar => ({
    ...content,
    since,
    until,
    from: at(since),
    to: until === null ? 1 : at(until),
  });
}

/** A moment within the period is a bar, too; what ended before it or begins after it is none. */
const seen = (bars: readonly Bar[]) => bars.filter(({ from, to }) => to > 0 && from < 1);

const statusBar = (status: Status): Content => ({
  key: `${status.connector} ${status.since}`,
  word: status.status,
  tone: toneOf(status.status),
  subject: { kind: 'status', status },
});

const LINK_TONES: Readonly<Record<Connection['state'], Tone>> = {
  OPEN: 'up',
  CLOSED: 'up',
  LOST: 'unknown',
  REFUSED: 'fault',
};
const LINK_WORDS: Readonly<Record<Connection['state'], string>> = {
  OPEN: 'Linked',
  CLOSED: 'Linked',
  LOST: 'Link lost',
  REFUSED: 'Refused',
};

const linkBar = (link: Connection): Content => ({
  key: link.id,
  word: LINK_WORDS[link.state],
  tone: LINK_TONES[link.state],
  subject: { kind: 'link', link },
});

const transactionBar = (transaction: Transaction): Content => ({
  key: transaction.id,
  word: transaction.stoppedAt === null ? 'Charging' : 'Charged',
  tone: 'busy',
  subject: { kind: 'transaction', transaction },
});
