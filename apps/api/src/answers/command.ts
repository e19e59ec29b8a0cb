import { isAccepting, type Standing } from '@chargeproof/central-system';
import { type CommandRow, exchangesOfCalls, formatFrontier, type Frontier } from '@chargeproof/projections';
import type { Asked } from '../asking/asked.ts';
import { toEnum } from '../asking/enums.ts';
import { lazy } from '../asking/lazy.ts';
import { toExchange } from './exchange.ts';

/** A command as the schema has it. */
export function toCommand(
  asked: Asked,
  { tenant, station, standing }: Omit<CommandRow, 'place'>,
  frontier: Frontier,
) {
  const { requested, sent, ended } = standing;
  const { outcome, reason: why = null, at: endedAt = null } = ended ?? {};
  const exchange = lazy(async () => {
    if (sent === undefined) return null;
    const [row] = await exchangesOfCalls(asked.store, { tenant, station: [station] }, [sent], frontier);
    return row === undefined ? null : toExchange(asked, row, frontier);
  });
  return {
    id: standing.command,
    tenant,
    station,
    protocol: requested.protocol ?? 'ocpp1.6',
    action: requested.action,
    payload: requested.payload,
    fromPolicy: requested.fromPolicy !== undefined,
    actor: requested.actor,
    reason: requested.why ?? null,
    state: toEnum(outcome ?? (sent === undefined ? 'requested' : 'sent')),
    accepted: () => accepted(standing, async () => (await (await exchange())?.answer())?.text),
    why,
    requestedAt: standing.requestedAt,
    expiresAt: requested.expires,
    sentAt: sent?.at ?? null,
    endedAt,
    connection: sent?.connection ?? null,
    exchange,
    readAt: formatFrontier(frontier),
  };
}

/** Null without an answer. */
async function accepted({ ended }: Standing, textOf: () => Promise<string | null | undefined>) {
  if (ended?.outcome === 'error') return false;
  return ended?.outcome === 'answered' ? accepts(await textOf()) : null;
}

/** Null where the answer is not folded yet, or is none that can be read. */
function accepts(text: string | null | undefined): boolean | null {
  try {
    const [, , payload] = JSON.parse(text ?? '') as readonly unknown[];
    return isAccepting(payload);
  } catch {
    return null;
  }
}
