import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { type Parameters, useHref } from '../scope/use-scope.ts';

type Props = Omit<ComponentProps<'a'>, 'href'> & {
  readonly to: string;
  readonly with?: Parameters;
  readonly children: ReactNode;
};

/** A link to another view that is asked about the same tenant and moment. */
export function ScopedLink({ to, with: more, children, ...rest }: Props) {
  const href = useHref();
  return (
    <Link href={href(to, more)} {...rest}>
      {children}
    </Link>
  );
}
