import { variableName } from '@chargeproof/config';
import type { AppendRequest } from '@chargeproof/log';
import type { RunStarted } from '@chargeproof/record';
import type { Recorder } from '../run/recorder.ts';
import type { GatewaySettings } from '../settings.ts';
import type { PassingFrame } from './passing-frame.ts';

/** Takes a frame to the log, and tells it when it may go on. */
export type FrameWriter = (request: AppendRequest, partition: number, frame: PassingFrame) => void;

type RecordOrder = GatewaySettings['record'];

/** The one place where `record` decides when frames go on. Everything else waits for the log in either order. */
const WRITERS: Readonly<Record<RecordOrder, (recorder: Recorder) => FrameWriter>> = {
  'before-relay': (recorder) => (request, partition, frame) => {
    recorder.write(request, partition, frame);
  },
  'beside-relay': (recorder) => (request, partition, frame) => {
    recorder.write(request, partition, frame.besideLog());
    frame.recorded();
  },
};

export const frameWriter = (order: RecordOrder, recorder: Recorder): FrameWriter => WRITERS[order](recorder);

/** What the run's first record says of it: what is not told is as it should be. */
export const toldOrder = (order: RecordOrder): Pick<RunStarted, 'record'> =>
  order === 'before-relay' ? {} : { record: order };

export const orderWarning = (order: RecordOrder): string | undefined =>
  order === 'before-relay'
    ? undefined
    : `${variableName('gateway', 'record')} is ${order}: frames go on before they are durable, so a crash can lose what was answered, and every answer about how whole the record is says so`;
