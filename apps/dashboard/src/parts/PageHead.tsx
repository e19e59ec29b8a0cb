import { type ReactNode, useEffect } from 'react';

type Props = { readonly title: string; readonly above?: ReactNode; readonly children?: ReactNode };

/** What the view is about; the window's title says it, too. */
export function PageHead({ title, above, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Chargeproof`;
  }, [title]);
  return (
    <header className="page-head">
      <div>
        {above !== undefined && <p className="above">{above}</p>}
        <h1>{title}</h1>
      </div>
      {children !== undefined && <div className="actions">{children}</div>}
    </header>
  );
}
