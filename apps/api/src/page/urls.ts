/** What the page shows, each by the first part of its URL; the page itself tells the rest. */
const VIEWS = ['stations', 'transactions', 'frames', 'findings'] as const;

/** Routes that are answered with the page, whatever stands behind them in it. */
export const VIEW_ROUTES = ['', ...VIEWS.flatMap((view) => [view, `${view}/*rest`])];
/** Files beside the page; those in `assets` are named by their content. */
export const FILE_ROUTES = ['theme.js', 'icon.svg', 'assets/:name'];

const OF_PAGE = new RegExp(
  `^/(${VIEWS.map((view) => `${view}(/.*)?`).join('|')}|assets/[^/]+|theme\\.js|icon\\.svg)?$`,
);

/** Whether a path is the page or one of its files: those hold nothing of the record. */
export const isOfPage = (path: string): boolean => OF_PAGE.test(path);
