import {
  type CommandEnded,
  type CommandId,
  type CommandRequested,
  type CommandSent,
  isOfCommand,
  type LoggedRecord,
  type Micros,
  readPayload,
  type RunId,
} from '@chargeproof/record';

/** A record of a command, as far as it is one. */
export type Said = Pick<LoggedRecord, 'key' | 'attributes' | 'value' | 'loggedAt'>;

/** How a command stands after the records of it that were read, in log order. */
export type Standing = {
  readonly command: CommandId;
  /** The station's key. */
  readonly key: string;
  readonly requested: CommandRequested;
  readonly requestedAt: Micros;
  /** The claim that holds: the first. */
  readonly sent?: CommandSent & { readonly at: Micros };
  readonly ended?: CommandEnded & { readonly by: RunId; readonly at: Micros };
};

/** Whose command a record is about; undefined of a record that is of none, or cannot be read. */
export function commandOf({ attributes: { type, tenant }, value }: Said): string | undefined {
  if (!isOfCommand(type)) return undefined;
  try {
    const { command } = readPayload(type, value) as Partial<CommandRequested>;
    return typeof command === 'string' ? `${tenant}/${command}` : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One function says how a command stands, for the gateways that carry it out and for whoever asks. The first
 * request of an id is the command, and the first claim or end behind it decides: a claim makes its run the one
 * that may send, an end before any claim means that it is never sent. What the claiming run says of the end
 * holds; of what others say, only that nobody knows. Anything else is void, whoever wrote it.
 */
export function followCommand(standing: Standing | undefined, said: Said): Standing | undefined {
  const { type } = said.attributes;
  if (type === 'platform.command-requested.v1') return standing ?? request(said);
  if (standing?.key !== said.key) return standing;
  if (type === 'platform.command-sent.v1') return claim(standing, said);
  if (type === 'platform.command-ended.v1') return end(standing, said);
  return standing;
}

function request({ key, value, loggedAt }: Said): Standing | undefined {
  const requested = readPayload('platform.command-requested.v1', value);
  if (!Number.isSafeInteger(requested.expires) || typeof requested.action !== 'string') return undefined;
  return { command: requested.command, key, requested, requestedAt: loggedAt };
}

function claim(standing: Standing, { value, loggedAt }: Said): Standing {
  if (standing.sent !== undefined || standing.ended !== undefined) return standing;
  return { ...standing, sent: { ...readPayload('platform.command-sent.v1', value), at: loggedAt } };
}

function end(standing: Standing, { value, loggedAt, attributes: { source: by } }: Said): Standing {
  const payload = readPayload('platform.command-ended.v1', value);
  return mayEnd(standing, payload, by) ? { ...standing, ended: { ...payload, by, at: loggedAt } } : standing;
}

function mayEnd({ sent, ended }: Standing, { outcome }: CommandEnded, by: RunId): boolean {
  if (sent === undefined) return ended === undefined && (outcome === 'expired' || outcome === 'refused');
  if (by === sent.run) return ended?.by !== by;
  return ended === undefined && outcome === 'unknown';
}
