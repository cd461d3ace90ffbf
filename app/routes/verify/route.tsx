import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, type TypedResponse } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { clientOf } from '~/cookies.server';
import { orPage, submitForm, type FormRefusal } from '~/forms.server';
import { InvitationForm, LinkToken } from '~/modules/accounts/account-rules';
import { ownPath } from '~/modules/accounts/account-words';
import { acceptInvitation, lookAtMailLink, openMailLink, signInByLink } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { ctxOf, type RequestArgs } from '~/request-context.server';
import { Confirm, Gone, Invitation, MailSent, Verified } from './pages';

export const meta: MetaFunction = () => [{ title: 'Verify your address · Credit Mart' }, { name: 'robots', content: 'noindex' }];

/**
 * Without a link: what the last form said. With one: the browser that asked for it opens it at once; any other sees a button, since
 * mail programs fetch links on their own.
 */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = await ctxOf(args);
  const query = new URL(args.request.url).searchParams;
  const token = query.get('token');
  const signedIn = ctx.actor.kind === 'user';
  if (token === null)
    return data({ step: query.has('done') ? ('done' as const) : ('sent' as const), signedIn, outbox: ctx.config.mode !== 'production' });
  const { browser } = await clientOf(args);
  const link = await lookAtMailLink(ctx, token, browser);
  if (link?.purpose === 'verify' && link.sameBrowser) throw await openAndGoOn(args, token);
  if (link?.purpose === 'verify') return data({ step: 'confirm' as const, token, email: link.email });
  if (link?.purpose === 'invite') return data({ step: 'invitation' as const, token, email: link.email });
  return data({ step: 'gone' as const, signedIn }, { status: 410 });
}

export async function action(args: ActionFunctionArgs): Promise<TypedResponse<never> | FormRefusal> {
  const query = new URL(args.request.url).searchParams;
  if (query.has('invitation')) return acceptInto(args);
  return submitForm(args.request, z.object({ token: LinkToken }), ({ token }) => openAndGoOn(args, token));
}

async function openAndGoOn(args: RequestArgs, token: string): Promise<TypedResponse<never>> {
  const ctx = await ctxOf(args);
  const { browser } = await clientOf(args);
  const cookieHeader = args.request.headers.get('Cookie');
  const { userId, sameBrowser } = await orPage(openMailLink(ctx, { token, browser }));
  if (!sameBrowser) return redirect(paths.verify({ done: 'elsewhere' }));
  const next = ownPath(new URL(args.request.url).searchParams.get('next'), paths.verify({ done: 'here' }));
  const setCookie = await orPage(signInByLink(ctx, userId, { browser, cookieHeader }));
  return redirect(next, { headers: { 'Set-Cookie': setCookie } });
}

/** An invitation proves the address, and the password is chosen in this very form: that is a sign-in. */
async function acceptInto(args: ActionFunctionArgs) {
  const ctx = await ctxOf(args);
  return submitForm(
    args.request,
    InvitationForm,
    async (form) => {
      const userId = await acceptInvitation(ctx, form);
      const { browser } = await clientOf(args);
      const setCookie = await signInByLink(ctx, userId, { browser, cookieHeader: args.request.headers.get('Cookie') });
      return redirect(paths.admin.queue(), { headers: { 'Set-Cookie': setCookie } });
    },
    { hideFields: ['password', 'token'] },
  );
}

export default function Verify() {
  const shown = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  switch (shown.step) {
    case 'sent':
      return <MailSent outbox={shown.outbox} />;
    case 'done':
      return <Verified signedIn={shown.signedIn} />;
    case 'confirm':
      return <Confirm token={shown.token} email={shown.email} />;
    case 'invitation':
      return <Invitation token={shown.token} email={shown.email} lastResult={lastResult ?? null} />;
    case 'gone':
      return <Gone signedIn={shown.signedIn} />;
  }
}
