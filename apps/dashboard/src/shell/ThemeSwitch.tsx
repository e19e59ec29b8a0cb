import { setTheme, useIsDark } from './theme.ts';

/** Dark or light, once the person chooses; until then as the system prefers. */
export function ThemeSwitch() {
  const isDark = useIsDark();
  const label = isDark ? 'Light' : 'Dark';
  return (
    <button
      type="button"
      className="button theme"
      aria-label={`${label} colours`}
      title={`${label} colours`}
      onClick={() => {
        setTheme(isDark ? 'light' : 'dark');
      }}
    >
      <span aria-hidden="true">{isDark ? '☀' : '☾'}</span>
    </button>
  );
}
