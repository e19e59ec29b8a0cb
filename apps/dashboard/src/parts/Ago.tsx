import { useEffect, useState } from 'react';
import { agoText } from '../writing/time.ts';

const OFTEN = 5000;

/** How long ago it was, as time goes on. As of an earlier moment it is as long before that one. */
export function Ago({ at, asOf }: { readonly at: string; readonly asOf?: string | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, OFTEN);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const then = asOf === undefined ? Number.NaN : Date.parse(asOf);
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>
      {agoText(at, Number.isNaN(then) ? now : then)}
    </time>
  );
}
