import { DEFAULT_TENANT, formatMicros } from '@chargeproof/record';
import { askPlatform, ASKED_OPTIONS } from '../asking/platform.ts';
import type { Command } from '../command.ts';
import { listedTransactions, transactionsText, type Wanted } from '../listing/transactions.ts';
import { readCommandLine, UsageError } from '../options.ts';
import { timeIn } from '../times.ts';
import { typedLines } from '../typed.ts';

const OPTIONS = {
  ...ASKED_OPTIONS,
  first: { type: 'string', default: '50' },
  from: { type: 'string' },
  id: { type: 'string' },
  station: { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
  tenant: { type: 'string' },
  to: { type: 'string' },
} as const;
type Options = ReturnType<typeof readCommandLine<typeof OPTIONS>>['options'];

/** Lists transactions, newest first: those of a tag too, which travels as a variable and stands in no table. */
export const transactions: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, OPTIONS);
  if (positionals.length > 0)
    throw new UsageError(
      `transactions takes no "${positionals[0] ?? ''}"; --tag, --station and --id say which`,
    );
  const most = countIn(options.first);
  const wanted = await wantedBy(options);
  const listed = await askPlatform(options, (endpoint) => listedTransactions(endpoint, wanted, most));
  process.stdout.write(options.json === true ? `${JSON.stringify(listed)}\n` : transactionsText(listed));
  return 0;
};

async function wantedBy({ tag, station, id, from, to, tenant }: Options): Promise<Wanted> {
  return {
    tenant: tenant ?? DEFAULT_TENANT,
    ...(tag !== undefined && { idTag: tag.includes('-') ? await typedLines('tags') : tag }),
    ...(station !== undefined && { station }),
    ...(id !== undefined && { transactionId: id }),
    ...(from !== undefined && { from: formatMicros(timeIn('from', from)) }),
    ...(to !== undefined && { to: formatMicros(timeIn('to', to)) }),
  };
}

function countIn(written: string): number {
  const count = Number(written);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new UsageError(`--first takes how many, 1 or more, not "${written}"`);
}
