import { useAnswer } from '../asking/use-answer.ts';
import { useNudge } from '../asking/use-nudge.ts';
import { Answered } from '../parts/Answered.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import { type FindingCategory, FindingsDocument } from '../questions/generated.ts';
import { PeriodControl } from '../scope/PeriodControl.tsx';
import { usePeriod } from '../scope/use-period.ts';
import { useScope } from '../scope/use-scope.ts';
import { useSearch } from '../scope/use-search.ts';
import { CATEGORIES } from './categories.ts';
import { FindingsFilter } from './FindingsFilter.tsx';
import { FindingsList } from './FindingsList.tsx';

const OFTEN = 8000;
const isCategory = (text: string | null): text is FindingCategory =>
  text !== null && Object.hasOwn(CATEGORIES, text);

/** Rules of OCPP that were broken in the period: by whom, how often, by which frames. */
export function FindingsPage() {
  const { tenant, asOf } = useScope();
  const period = usePeriod();
  const [parameters] = useSearch();
  const [station, category] = [parameters.get('station'), parameters.get('category')];
  const answer = useAnswer(FindingsDocument, {
    tenant,
    station: station === null ? null : [station],
    category: isCategory(category) ? [category] : null,
    from: period.from,
    to: period.to,
    asOf,
  });
  useNudge({ tenant }, asOf === undefined && period.moves, period.advance, OFTEN);
  return (
    <>
      <PageHead title="Findings">
        <PeriodControl period={period} />
      </PageHead>
      <FindingsFilter />
      <Answered answer={answer} what="findings">
        {({ conformance }) => (
          <>
            <FindingsList conformance={conformance} period={period} />
            <ReadAt readAt={conformance.readAt} period={period} />
          </>
        )}
      </Answered>
    </>
  );
}
