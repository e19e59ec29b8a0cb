import type { FaultName, Payload, SimulatedStation } from '@chargeproof/simulator';

/** What a script has at hand: one station, its central system, and time. */
export type Stage = {
  readonly station: SimulatedStation;
  /** The central system tells the station to do something. @throws CallFailed */
  readonly tell: (action: string, payload: Payload) => Promise<Payload>;
  /** So many seconds of the schedule go by. */
  readonly wait: (seconds: number) => Promise<void>;
  /** So many seconds, whatever the pace. */
  readonly realTime: (seconds: number) => Promise<void>;
};

export type Script = (stage: Stage) => Promise<void>;

const CONNECTOR = 1;

/** Someone comes with a card and is let in, or is not. */
export async function presentCard({ station }: Stage, idTag: string): Promise<boolean> {
  await station.become(CONNECTOR, 'Preparing');
  const isFree = await station.authorize(idTag);
  if (isFree) await station.start(CONNECTOR, idTag);
  else await station.become(CONNECTOR, 'Available');
  return isFree;
}

/** The car leaves. */
export async function leave({ station }: Stage): Promise<void> {
  await station.stop(CONNECTOR, 'Local');
}

/** The central system begins a transaction, and the station does as it is told. */
export async function startFromAfar({ station, tell }: Stage, idTag: string): Promise<void> {
  await tell('RemoteStartTransaction', { connectorId: CONNECTOR, idTag });
  await station.attend();
}

/** The central system ends the transaction that runs. */
export async function stopFromAfar({ station, tell }: Stage): Promise<void> {
  const { transactionId } = station.connector(CONNECTOR).charging?.truth ?? {};
  await tell('RemoteStopTransaction', { transactionId });
  await station.attend();
}

/** The line breaks for so long; a station that has kept its power comes back as it went. */
export async function offline({ station, wait }: Stage, seconds: number): Promise<void> {
  await station.loseLink();
  await wait(seconds);
  await station.reconnect();
}

/** The fault is committed now, or at the next occasion. */
export async function commit({ station }: Stage, fault: FaultName): Promise<void> {
  station.faults.arm(fault);
  await station.misbehave();
}
