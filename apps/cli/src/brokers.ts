import { type kafka, type KafkaConnection, kafkaConnection, type SettingsOf } from '@chargeproof/config';
import { UsageError } from './options.ts';

/**
 * How the brokers that hold the log are reached; undefined where the log is in a folder.
 * @throws UsageError naming the setting that cannot be used
 */
export function brokersOf(
  settings: SettingsOf<{ kafka: typeof kafka }>['kafka'],
): KafkaConnection | undefined {
  if (settings.brokers.length === 0) return undefined;
  try {
    return kafkaConnection(settings);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
