import { getFormProps, useForm } from '@conform-to/react';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { EmailField, NameField, NewPasswordField } from '~/components/account-fields';
import { AccountPage } from '~/components/account-page';
import { Button, ErrorSummary, Link } from '~/components/ui';
import { ensureMarkedClient, rememberMailedTo } from '~/pages/cookies.server';
import { submitForm } from '~/pages/forms.server';
import { SignUpForm } from '~/modules/accounts/account-rules';
import { ownPath } from '~/modules/accounts/account-words';
import { signUp } from '~/modules/accounts/index.server';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () =>
  pageMeta({
    title: 'Create account',
    description: 'Create an account at Credit Mart to buy Replicate credit below face value, or to sell yours.',
  });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const next = ownPath(new URL(args.request.url).searchParams.get('next'), '');
  if (ctx.actor.kind === 'user') throw redirect(next || paths.home());
  return { next };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requestCtx(args);
  const next = ownPath(new URL(args.request.url).searchParams.get('next'), '');
  const client = await ensureMarkedClient(args);
  return submitForm(
    args.request,
    SignUpForm,
    async (form) => {
      await signUp(ctx, { ...form, next }, client);
      const headers = new Headers({ 'Set-Cookie': client.setCookie });
      headers.append('Set-Cookie', await rememberMailedTo(args, form.email));
      return redirect(paths.verify({ sent: 'sign-up', next }), { headers });
    },
    { hideFields: ['password'] },
  );
}

export default function SignUp() {
  const { next } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const [form, fields] = useForm<{ name: string; email: string; password: string }>({ id: 'sign-up', lastResult: lastResult ?? null });
  const summary = [
    { label: 'Name', field: fields.name },
    { label: 'Email', field: fields.email },
    { label: 'Password', field: fields.password },
  ];
  return (
    <AccountPage title="Create account">
      <Form {...getFormProps(form)} method="post" className="form space-above-5">
        <ErrorSummary errors={form.errors} fields={summary} />
        <NameField field={fields.name} />
        <EmailField field={fields.email} hint="We mail a link to it. Buying and selling start once it is opened." />
        <NewPasswordField field={fields.password} />
        <Button variant="primary" size="wide">
          Create account
        </Button>
        <p className="muted">
          <small>
            By creating an account you accept the <Link to={paths.terms()}>terms</Link>. Already have one?{' '}
            <Link to={paths.signIn({ next })}>Sign in</Link>.
          </small>
        </p>
      </Form>
    </AccountPage>
  );
}
