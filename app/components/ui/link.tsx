import { Link as RoutedLink } from '@remix-run/react';
import type { ComponentProps } from 'react';
import { useScripted } from '~/pages/document-context';

interface LinkProps extends Omit<ComponentProps<'a'>, 'href' | 'ref'> {
  /** Built by paths.ts. */
  to: string;
  reloadDocument?: boolean;
  /** Keeps the place on the page, where scripts take the step. */
  preventScrollReset?: boolean;
}

/** A link to one of our pages. Pages without scripts get a plain `a`, which is cheaper to render than the router's link. */
export function Link({ to, preventScrollReset, ...rest }: LinkProps) {
  if (!useScripted()) return <a {...rest} href={to} />;
  return <RoutedLink {...rest} to={to} {...(preventScrollReset && { preventScrollReset })} />;
}
