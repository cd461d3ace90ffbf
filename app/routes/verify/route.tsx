import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, type TypedResponse } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { readClient, mailedTo, ensureMarkedClient, rememberMailedTo } from '~/pages/cookies.server';
import { orPage, submitForm, type FormRefusal } from '~/pages/forms.server';
import { InvitationForm, LinkToken, ResetRequestForm } from '~/modules/accounts/account-rules';
import { ownPath } from '~/modules/accounts/account-words';
import {
  acceptInvitation,
  lookAtDeadLink,
  lookAtMailLink,
  openMailLink,
  resendVerification,
  signInByLink,
} from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { requestCtx, type RequestArgs } from '~/pages/request-context.server';
import { Confirm, Gone, Invitation, MailSent, Verified } from './pages';

export const meta: MetaFunction = () => [{ title: 'Verify your address · Credit Mart' }, { name: 'robots', content: 'noindex' }];

/**
 * Without a link: the address that was mailed, and a form to send it again. With one: the browser that asked for it is signed in
 * at once; any other sees a button, since mail programs fetch links on their own.
 */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const token = readQuery(args).get('token');
  const next = readNext(args);
  if (token === null) return data({ ...(await withoutLink(args, ctx)), next });
  const { browser } = await readClient(args);
  const link = await lookAtMailLink(ctx, token, browser);
  if (link?.purpose === 'verify' && link.sameBrowser) throw await openAndGoOn(args, token);
  if (link?.purpose === 'verify') return data({ step: 'confirm' as const, token, email: link.email, next });
  if (link?.purpose === 'invite') return data({ step: 'invitation' as const, token, email: link.email, next });
  const dead = await lookAtDeadLink(ctx, token);
  return data({ step: 'gone' as const, dead, signedIn: ctx.actor.kind === 'user', next }, { status: 410 });
}

const readQuery = ({ request }: RequestArgs) => new URL(request.url).searchParams;
/** The page to go on with once the address is verified, or ''. */
const readNext = (args: RequestArgs) => ownPath(readQuery(args).get('next'), '');

async function withoutLink(args: RequestArgs, ctx: Ctx) {
  const signedIn = ctx.actor.kind === 'user';
  const verified = ctx.actor.kind === 'user' && ctx.actor.verified;
  if (verified || readQuery(args).has('done')) return { step: 'done' as const, signedIn };
  const email = ctx.actor.kind === 'user' ? ctx.actor.email : await mailedTo(args.request);
  const sent = readQuery(args).get('sent');
  return { step: 'sent' as const, email, sent: sent !== null, again: sent === 'again', outbox: ctx.config.mode !== 'production' };
}

export async function action(args: ActionFunctionArgs): Promise<TypedResponse<never> | FormRefusal> {
  const query = readQuery(args);
  if (query.has('invitation')) return acceptInto(args);
  if (query.has('resend')) return resend(args);
  return submitForm(args.request, z.object({ token: LinkToken }), ({ token }) => openAndGoOn(args, token));
}

async function resend(args: ActionFunctionArgs) {
  const ctx = await requestCtx(args);
  const next = readNext(args);
  const client = await ensureMarkedClient(args);
  return submitForm(args.request, ResetRequestForm, async ({ email }) => {
    await resendVerification(ctx, { email, next }, client);
    const headers = new Headers({ 'Set-Cookie': client.setCookie });
    headers.append('Set-Cookie', await rememberMailedTo(args, email));
    return redirect(paths.verify({ sent: 'again', next }), { headers });
  });
}

async function openAndGoOn(args: RequestArgs, token: string): Promise<TypedResponse<never>> {
  const ctx = await requestCtx(args);
  const { browser } = await readClient(args);
  const cookieHeader = args.request.headers.get('Cookie');
  const { userId, sameBrowser } = await orPage(openMailLink(ctx, { token, browser }));
  const next = readNext(args);
  if (!sameBrowser) return redirect(paths.verify({ done: 'elsewhere', next }));
  const setCookie = await orPage(signInByLink(ctx, userId, { browser, cookieHeader }));
  return redirect(next ? paths.verified(next) : paths.verify({ done: 'here' }), { headers: { 'Set-Cookie': setCookie } });
}

/** An invitation proves the address, and this form sets the password, so the user is signed in. */
async function acceptInto(args: ActionFunctionArgs) {
  const ctx = await requestCtx(args);
  return submitForm(
    args.request,
    InvitationForm,
    async (form) => {
      const userId = await acceptInvitation(ctx, form);
      const { browser } = await readClient(args);
      const setCookie = await signInByLink(ctx, userId, { browser, cookieHeader: args.request.headers.get('Cookie') });
      return redirect(paths.admin.queue(), { headers: { 'Set-Cookie': setCookie } });
    },
    { hideFields: ['password', 'token'] },
  );
}

export default function Verify() {
  const shown = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>() ?? null;
  switch (shown.step) {
    case 'sent':
      return <MailSent {...shown} lastResult={lastResult} />;
    case 'done':
      return <Verified signedIn={shown.signedIn} next={shown.next} />;
    case 'confirm':
      return <Confirm token={shown.token} email={shown.email} />;
    case 'invitation':
      return <Invitation token={shown.token} email={shown.email} lastResult={lastResult} />;
    case 'gone':
      return <Gone {...shown} lastResult={lastResult} />;
  }
}
