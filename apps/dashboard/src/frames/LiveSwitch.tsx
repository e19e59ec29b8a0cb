import type { LiveFrames } from './use-live-frames.ts';

/** Stops what is read from moving, and lets it go on. */
export function LiveSwitch({ live: { isPaused, waiting, toggle } }: { readonly live: LiveFrames }) {
  return (
    <button type="button" className="button live" aria-pressed={isPaused} onClick={toggle}>
      {isPaused ? `Paused · ${waiting} new · Go on` : 'Live · Pause'}
    </button>
  );
}
