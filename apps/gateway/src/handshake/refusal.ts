import { LogFailed, LogFull } from '@chargeproof/log';

/** Why a handshake is refused: the HTTP status and a stable word for counting. */
export type Refusal = {
  readonly status: number;
  readonly reason: string;
  readonly detail?: string;
  /** Headers of the upstream's own refusal that the station needs. */
  readonly headers?: Readonly<Record<string, string>>;
};

export const isRefusal = (value: object): value is Refusal => 'status' in value && 'reason' in value;

/** Who is turned away for not being who it says. */
export type Stranger = {
  readonly refusal: Refusal;
  /** Anybody can cause any number of these, under any name: they are counted, as those that name no station. */
  readonly anybody: boolean;
};

/** What a station is told whose handshake failed here. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof LogFull) return { status: 503, reason: 'log-full' };
  if (error instanceof LogFailed) return { status: 503, reason: 'cannot-record' };
  return { status: 500, reason: 'internal' };
}
