import {
  aprotechAtEv310,
  autocryptAco100,
  type CertifiedStation,
  ecarplugAcCpt,
  type FaultName,
  seokangOc1622,
} from '@chargeproof/simulator';
import { commit, leave, offline, presentCard, type Script, startFromAfar, stopFromAfar } from './stage.ts';

export type Part = {
  readonly device: CertifiedStation;
  /** What it does wrong at its very first boot. */
  readonly atBoot?: FaultName;
  /** About 100 s of the schedule. */
  readonly script: Script;
};

/** Longer than a CALL is waited for (30 s): only then it has stayed without an answer. */
const NO_ANSWER_SECONDS = 32;
const HOUR = 3_600_000;

/** A card, a fault on the wire, a reservation; then a charge from afar through which the line breaks. */
const ecarplug: Script = async (stage) => {
  const { station, tell, wait } = stage;
  await tell('GetConfiguration', {});
  await tell('ChangeConfiguration', { key: 'ClockAlignedDataInterval', value: '0' });
  await wait(3);
  station.faults.arm('old-status');
  await presentCard(stage, 'CARD-0060');
  await wait(14);
  await commit(stage, 'cut-frame');
  await wait(14);
  await leave(stage);
  await wait(4);
  const expiryDate = new Date(Date.now() + HOUR).toISOString();
  await tell('ReserveNow', { connectorId: 1, expiryDate, idTag: 'CARD-0061', reservationId: 61 });
  await wait(5);
  await tell('CancelReservation', { reservationId: 61 });
  await wait(2);
  await tell('TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 });
  await wait(2);
  await startFromAfar(stage, 'APP-0060');
  await wait(14);
  await offline(stage, 18);
  await wait(10);
  await stopFromAfar(stage);
  await wait(3);
  await tell('UpdateFirmware', { location: 'https://example.org/1.0.1.bin', retrieveDate: expiryDate });
  await wait(8);
};

/** A card and two faults; a ground fault; then a charge that ends while the line is broken. */
const seokang: Script = async (stage) => {
  const { station, tell, wait } = stage;
  await tell('GetConfiguration', {});
  await wait(5);
  station.faults.arm('number-for-text');
  await presentCard(stage, 'CARD-0192');
  await wait(13);
  await commit(stage, 'two-calls');
  await wait(13);
  await leave(stage);
  await wait(4);
  await station.become(1, 'Faulted', 'GroundFailure');
  await wait(12);
  await station.become(1, 'Available');
  await tell('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 });
  await wait(5);
  await presentCard(stage, 'CARD-0193');
  await wait(14);
  await station.loseLink();
  await wait(10);
  await leave(stage);
  await wait(8);
  await station.reconnect();
  await wait(14);
};

/** A card that is too long, and one that is not; out of use; a reset; a charge through which the line breaks. */
const aprotech: Script = async (stage) => {
  const { station, tell, wait } = stage;
  await tell('GetConfiguration', { key: ['HeartbeatInterval', 'MeterValueSampleInterval', 'BlinkRepeat'] });
  await tell('ChangeConfiguration', { key: 'ClockAlignedDataInterval', value: '0' });
  await wait(4);
  station.faults.arm('long-tag');
  await presentCard(stage, 'CARD-0182');
  await wait(3);
  await presentCard(stage, 'CARD-0182');
  await wait(24);
  await leave(stage);
  await wait(3);
  await tell('ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
  await wait(12);
  await tell('ChangeAvailability', { connectorId: 1, type: 'Operative' });
  await wait(4);
  await tell('Reset', { type: 'Soft' });
  await wait(5);
  await presentCard(stage, 'CARD-0183');
  await wait(12);
  await offline(stage, 14);
  await wait(8);
  await leave(stage);
  await wait(8);
};

/** The power fails; then one long charge from afar, in which the central system asks and is not answered. */
const autocrypt: Script = async (stage) => {
  const { station, tell, wait, realTime } = stage;
  await tell('GetConfiguration', { key: ['HeartbeatInterval'] });
  await wait(3);
  await station.loseLink();
  await wait(9);
  await station.connect();
  await wait(3);
  await startFromAfar(stage, 'APP-0155');
  await wait(6);
  station.faults.arm('no-answer');
  // Nobody waits for what never comes, but for the time in which it could.
  const unanswered = Promise.allSettled([tell('ClearCache', {}), realTime(NO_ANSWER_SECONDS)]);
  await wait(66);
  await commit(stage, 'no-error-code');
  await leave(stage);
  await wait(10);
  await unanswered;
};

/** The cast: the four certified stations, their central system being the fifth device. */
export const CAST: readonly Part[] = [
  { device: ecarplugAcCpt, script: ecarplug },
  { device: seokangOc1622, script: seokang },
  { device: aprotechAtEv310, atBoot: 'hasty-boot', script: aprotech },
  { device: autocryptAco100, script: autocrypt },
];
