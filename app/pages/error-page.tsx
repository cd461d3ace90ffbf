import { isRouteErrorResponse } from '@remix-run/react';
import { useRequestId } from './document-context';
import { EmptyState, LinkButton } from '~/components/ui';
import { paths } from '~/paths';
import { useShell } from './use-shell';

interface Words {
  title: string;
  text: string;
  action: { label: string; to: string };
}

const browse = { label: 'Browse lots', to: paths.listings() };
const home = { label: 'Home', to: paths.home() };

const words: Record<number, Words> = {
  401: { title: 'Sign in to see this', text: 'This page belongs to an account.', action: { label: 'Sign in', to: paths.signIn() } },
  403: { title: 'Not open to you', text: 'Your account may not do this.', action: home },
  404: {
    title: 'There is no page here',
    text: 'The lot may have been withdrawn, or the page belongs to another account. Your purchases are not affected.',
    action: browse,
  },
  405: { title: 'That cannot be done here', text: 'The page was asked for something it does not do. Nothing was changed.', action: home },
  409: {
    title: 'Things have changed meanwhile',
    text: 'Go back, reload, and look at its present state. Nothing was charged or changed.',
    action: home,
  },
  410: { title: 'This is over', text: 'It no longer works.', action: home },
  503: {
    title: 'We cannot do this right now',
    text: 'Try again in a minute. Everything done before is saved.',
    action: home,
  },
};

const ours: Words = {
  title: 'That did not work, and it is our fault',
  text: 'It is in our log. Load the page again; what was finished before stays as it was.',
  action: home,
};

/** The sentence of a refusal (`errorPage` in forms.server), when the response carries one. */
function refusalSentence(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('message' in body)) return null;
  return typeof body.message === 'string' ? body.message : null;
}

/** The error page: status code, explanation, next step. An unexpected error shows its log reference, never its cause. */
export function ErrorPage({ error }: { error: unknown }) {
  const requestId = useRequestId();
  const contactEmail = useShell()?.contactEmail;
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const known = words[status];
  const { title, text, action } =
    known ?? (status < 500 ? { ...ours, title: 'That did not work', text: 'Nothing was charged or changed.' } : ours);
  const sentence = isRouteErrorResponse(error) && status !== 404 && status !== 500 ? refusalSentence(error.data) : null;
  const code = (known ?? !requestId) ? String(status) : `${status} · ${requestId}`;
  return (
    <EmptyState as="h1" code={code} title={title} action={<LinkButton to={action.to}>{action.label}</LinkButton>}>
      {sentence ?? text}
      {status >= 500 && contactEmail && ` If it happens again, write to ${contactEmail} and name the code above.`}
    </EmptyState>
  );
}
