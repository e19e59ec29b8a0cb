import { LogAway, LogFailed } from '@chargeproof/log';
import { type KafkaOptions, reasonAndRemedy, reasonOf } from './client/client.ts';
import { faultOf } from './client/faults.ts';

/** What waiting does not mend. */
const NOT_ALLOWED = /not authorized/i;

/** In one line: brokers that cannot be reached now, or that do not let us in. */
export function noLog(error: unknown, options: KafkaOptions): LogFailed {
  const line = `no log on ${options.brokers.join(', ')}: ${reasonAndRemedy(error, options)}`;
  const reason = reasonOf(error);
  const isOurs = faultOf(reason) !== undefined || NOT_ALLOWED.test(reason);
  return new (isOurs ? LogFailed : LogAway)(line, { cause: error });
}
