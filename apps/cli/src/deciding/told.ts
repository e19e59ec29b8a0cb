/** A tag, a station, or all others of them. */
type Line = {
  readonly idTag?: string;
  readonly station?: string | null;
  readonly status: string;
  readonly interval?: number;
  readonly expiryDate?: string | null;
  readonly source: string;
  readonly actor: string | null;
  readonly reason: string | null;
};
/** Of a question, or of a mutation. */
type Answer = {
  readonly nodes?: readonly Line[];
  readonly idTags?: readonly Line[] | number;
  readonly registration?: Line | null;
  readonly others?: Line | string | null;
};

/** An answer for people: a line for each tag or station and for the others, what it is, and who says so. */
export function told(answer: object): string {
  const { nodes = [], idTags = [], registration, others } = answer as Answer;
  if (typeof idTags === 'number') return `${idTags} tags decided of\n`;
  const named = [...nodes, ...idTags, ...(registration ? [registration] : [])];
  const lines = [...named.map(lineOf), ...(isLine(others) ? [lineOf(others)] : [])];
  return lines.length === 0 ? 'nothing is decided of it any more\n' : `${lines.join('\n')}\n`;
}

const isLine = (others: Answer['others']): others is Line => typeof others === 'object' && others !== null;

const SOURCES: Readonly<Record<string, string>> = { FILE: 'by the file', DEFAULT: 'by nobody' };

function lineOf({ idTag, station, status, interval, expiryDate, source, actor, reason }: Line): string {
  const until = expiryDate == null ? '' : ` until ${expiryDate}`;
  const every = interval === undefined ? '' : ` every ${interval} s`;
  const why = reason === null ? '' : `: ${reason}`;
  const by = SOURCES[source] ?? `by ${actor ?? 'somebody'}${why}`;
  const word = status.charAt(0) + status.slice(1).toLowerCase();
  return [idTag ?? station ?? 'others', `${word}${until}${every}`, by].join('\t');
}
