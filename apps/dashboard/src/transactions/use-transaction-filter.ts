import type { TransactionFilter, TransactionKind } from '../questions/generated.ts';
import { usePeriod } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { useSearch } from '../scope/use-search.ts';
import { KINDS } from './words.ts';

const isKind = (text: string | null): text is TransactionKind => text !== null && Object.hasOwn(KINDS, text);

/** Those that the URL asks for: `?station=&kind=&transactionId=`, and of a period where it names one. */
export function useTransactionFilter(): TransactionFilter {
  const { tenant } = useScope();
  const { from, to } = usePeriod();
  const [parameters] = useSearch();
  const [kind, station] = [parameters.get('kind'), parameters.get('station')];
  const transactionId = parameters.get('transactionId');
  const hasPeriod = parameters.has('last') || parameters.has('from');
  return {
    tenant,
    ...(station !== null && { station: [station] }),
    ...(isKind(kind) && { kind: [kind] }),
    ...(transactionId !== null && { transactionId }),
    ...(hasPeriod && { from, to }),
  };
}
