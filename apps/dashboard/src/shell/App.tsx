import { useState } from 'react';
import { TokenDialog } from '../asking/TokenDialog.tsx';
import { EvidenceDrawer } from '../evidence/EvidenceDrawer.tsx';
import { ShowEvidence, type Shown } from '../evidence/shown.ts';
import { Header } from './Header.tsx';
import { PastBanner } from './PastBanner.tsx';
import { useScroll } from './use-scroll.ts';
import { Views } from './Views.tsx';

export function App() {
  const [shown, setShown] = useState<Shown>();
  useScroll();
  return (
    <ShowEvidence value={setShown}>
      <Header />
      <PastBanner />
      <main id="content" tabIndex={-1}>
        <Views />
      </main>
      {shown && (
        <EvidenceDrawer
          shown={shown}
          onClose={() => {
            setShown(undefined);
          }}
        />
      )}
      <TokenDialog />
    </ShowEvidence>
  );
}
