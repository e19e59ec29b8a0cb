import { PageHead } from '../parts/PageHead.tsx';
import { FrameFilterBar } from './FrameFilterBar.tsx';
import { FrameList } from './FrameList.tsx';
import { useFrameFilter } from './use-frame-filter.ts';

/** Every frame of every station. */
export function FramesPage() {
  const filter = useFrameFilter();
  return (
    <>
      <PageHead title="Frames" />
      <FrameFilterBar />
      <FrameList key={JSON.stringify(filter)} filter={filter} withStation />
    </>
  );
}
