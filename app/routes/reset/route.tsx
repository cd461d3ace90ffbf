import { getFormProps, useForm, type SubmissionResult } from '@conform-to/react';
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { EmailField, NewPasswordField } from '~/components/account-fields';
import { Button, EmptyState, ErrorSummary, Link, LinkButton, PageHead } from '~/components/ui';
import { readClient, mailedTo, ensureMarkedClient, rememberMailedTo } from '~/pages/cookies.server';
import { submitForm } from '~/pages/forms.server';
import { NewPasswordForm, ResetRequestForm } from '~/modules/accounts/account-rules';
import { mailSent } from '~/modules/accounts/account-words';
import { endSignIn, lookAtMailLink, requestReset, resetPassword } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () => [{ title: 'New password · Credit Mart' }, { name: 'robots', content: 'noindex' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const query = new URL(args.request.url).searchParams;
  const token = query.get('token');
  if (token === null)
    return data({
      step: query.has('sent') ? ('sent' as const) : ('ask' as const),
      email: await mailedTo(args.request),
      outbox: ctx.config.mode !== 'production',
    });
  const link = await lookAtMailLink(ctx, token, null);
  return link?.purpose === 'reset'
    ? data({ step: 'choose' as const, token, email: link.email })
    : data({ step: 'gone' as const }, { status: 410 });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requestCtx(args);
  const { request } = args;
  if (new URL(request.url).searchParams.has('token')) {
    return submitForm(
      request,
      NewPasswordForm,
      async (form) => {
        const client = await ensureMarkedClient(args);
        await resetPassword(ctx, form, client);
        const cookies = [client.setCookie, await endSignIn(ctx, request.headers.get('Cookie'))];
        return redirect(paths.signIn({ changed: '1' }), { headers: cookies.map((cookie) => ['Set-Cookie', cookie] as [string, string]) });
      },
      { hideFields: ['password', 'token'] },
    );
  }
  const client = await readClient(args);
  return submitForm(request, ResetRequestForm, async (form) => {
    await requestReset(ctx, form, client);
    return redirect(paths.reset({ sent: '1' }), { headers: { 'Set-Cookie': await rememberMailedTo(args, form.email) } });
  });
}

export default function Reset() {
  const shown = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>() ?? null;
  switch (shown.step) {
    case 'ask':
      return <Ask lastResult={lastResult} />;
    case 'sent':
      return <Sent email={shown.email} outbox={shown.outbox} />;
    case 'choose':
      return <Choose token={shown.token} email={shown.email} lastResult={lastResult} />;
    case 'gone':
      return (
        <EmptyState as="h1" title="This link no longer works" action={<LinkButton to={paths.reset()}>Ask for a new link</LinkButton>}>
          It was used, or its hour is over. Your password was not changed by opening it.
        </EmptyState>
      );
  }
}

function Ask({ lastResult }: { lastResult: SubmissionResult<string[]> | null }) {
  const [form, fields] = useForm<{ email: string }>({ id: 'reset', lastResult });
  return (
    <>
      <PageHead title="Choose a new password" lead="We mail you a link that works once, for one hour." />
      <Form {...getFormProps(form)} method="post" className="form space-above-5">
        <ErrorSummary errors={form.errors} fields={[{ label: 'Email', field: fields.email }]} />
        <EmailField field={fields.email} />
        <Button variant="primary">Send the link</Button>
      </Form>
    </>
  );
}

function Sent({ email, outbox }: { email: string | null; outbox: boolean }) {
  return (
    <>
      <PageHead
        title={mailSent}
        lead={
          <>
            {email && (
              <>
                It went to <b className="break-words">{email}</b>.{' '}
              </>
            )}
            If the address has an account, the mail holds a link to choose a new password. If not, it says so.
          </>
        }
      />
      <p className="space-above-5">
        Nothing there after a few minutes? Look in the spam folder, or <Link to={paths.reset()}>ask again</Link>.
      </p>
      {outbox && (
        <p className="space-above-5">
          This is a demo: it sends no mail. <Link to={paths.devMail(email ? { to: email } : {})}>Read it in the outbox</Link>.
        </p>
      )}
    </>
  );
}

function Choose({ token, email, lastResult }: { token: string; email: string; lastResult: SubmissionResult<string[]> | null }) {
  const [form, fields] = useForm<{ password: string; token: string }>({ id: 'new-password', lastResult });
  return (
    <>
      <PageHead title="Choose a new password" lead={`For ${email}. It ends every sign-in session, on all devices.`} />
      <Form {...getFormProps(form)} method="post" className="form space-above-5">
        <ErrorSummary errors={form.errors} fields={[{ label: 'Password', field: fields.password }]} />
        <input type="hidden" name="token" value={token} />
        <NewPasswordField field={fields.password} />
        <Button variant="primary">Save password</Button>
      </Form>
    </>
  );
}
