import { useLocation } from 'wouter';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { TimeControl } from '../scope/TimeControl.tsx';
import { useScope } from '../scope/use-scope.ts';
import { ThemeSwitch } from './ThemeSwitch.tsx';

const VIEWS = [
  ['/', 'Fleet'],
  ['/transactions', 'Transactions'],
  ['/findings', 'Findings'],
  ['/frames', 'Frames'],
] as const;

const isIn = (view: string, path: string) =>
  view === '/' ? path === '/' || path.startsWith('/stations') : path.startsWith(view);

export function Header() {
  const [path] = useLocation();
  const { tenant } = useScope();
  return (
    <header className="top">
      <a className="skip" href="#content">
        To the content
      </a>
      <ScopedLink to="/" className="brand">
        <svg aria-hidden="true" viewBox="0 0 32 32" width="22" height="22">
          <rect width="32" height="32" rx="7" fill="currentColor" />
          <path className="bolt" d="M17.5 4 8 18h6.5L13 28l11-15h-7z" />
        </svg>
        Chargeproof
      </ScopedLink>
      <nav aria-label="Views">
        {VIEWS.map(([view, label]) => (
          <ScopedLink key={view} to={view} aria-current={isIn(view, path) ? 'page' : undefined}>
            {label}
          </ScopedLink>
        ))}
      </nav>
      {tenant !== 'default' && <span className="soft">Tenant {tenant}</span>}
      <div className="controls">
        <TimeControl />
        <ThemeSwitch />
      </div>
    </header>
  );
}
