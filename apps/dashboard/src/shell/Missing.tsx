import { Empty } from '../parts/Empty.tsx';
import { PageHead } from '../parts/PageHead.tsx';
import { ScopedLink } from '../parts/ScopedLink.tsx';

/** A URL that shows nothing. */
export function Missing() {
  return (
    <>
      <PageHead title="No such view" />
      <Empty title="Nothing is shown at this address.">
        <p>
          <ScopedLink to="/">Go to the fleet</ScopedLink>
        </p>
      </Empty>
    </>
  );
}
