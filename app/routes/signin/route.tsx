import { getFormProps, useForm } from '@conform-to/react';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { EmailField } from '~/components/account-fields';
import { AccountPage } from '~/components/account-page';
import { Button, ErrorSummary, Field, Link, Note } from '~/components/ui';
import { ensureMarkedClient } from '~/pages/cookies.server';
import { submitForm } from '~/pages/forms.server';
import { SignInForm } from '~/modules/accounts/account-rules';
import { ownPath } from '~/modules/accounts/account-words';
import { signIn } from '~/modules/accounts/index.server';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () =>
  pageMeta({ title: 'Sign in', description: 'Sign in to Credit Mart to buy or sell Replicate credit.' });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const query = new URL(args.request.url).searchParams;
  const next = ownPath(query.get('next'), '');
  if (ctx.actor.kind === 'user') throw redirect(next || paths.home());
  return { next, passwordChanged: query.has('changed') };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requestCtx(args);
  const next = ownPath(new URL(args.request.url).searchParams.get('next'), paths.home());
  const cookieHeader = args.request.headers.get('Cookie');
  const client = await ensureMarkedClient(args);
  return submitForm(
    args.request,
    SignInForm,
    async (form) => {
      const { setCookie } = await signIn(ctx, form, { ...client, cookieHeader });
      return redirect(next, { headers: [client.setCookie, setCookie].map((cookie) => ['Set-Cookie', cookie] as [string, string]) });
    },
    { hideFields: ['password'] },
  );
}

export default function SignIn() {
  const { next, passwordChanged } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const [form, fields] = useForm<{ email: string; password: string }>({ id: 'sign-in', lastResult: lastResult ?? null });
  return (
    <AccountPage title="Sign in">
      {passwordChanged && (
        <div className="space-above-5">
          <Note role="status" title="Your password is changed.">
            Every sign-in session has ended. Sign in with the new one.
          </Note>
        </div>
      )}
      <Form {...getFormProps(form)} method="post" className="form space-above-5">
        <ErrorSummary
          title="You are not signed in"
          errors={form.errors}
          fields={[
            { label: 'Email', field: fields.email },
            { label: 'Password', field: fields.password },
          ]}
        />
        <EmailField field={fields.email} />
        <Field
          label="Password"
          type="password"
          field={fields.password}
          autoComplete="current-password"
          hint={<Link to={paths.reset()}>Forgot it?</Link>}
          required
        />
        <Button variant="primary" size="wide">
          Sign in
        </Button>
        <p className="muted">
          <small>
            No account yet? <Link to={paths.signUp({ next })}>Create one</Link>. You can buy and sell with the same account. The mail to
            verify your address did not come? <Link to={paths.verify({ next })}>Send it again</Link>.
          </small>
        </p>
      </Form>
    </AccountPage>
  );
}
