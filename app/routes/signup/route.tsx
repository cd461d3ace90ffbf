import { getFormProps, useForm } from '@conform-to/react';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { Button, ErrorSummary, Field, Link } from '~/components/ui';
import { markedClientOf } from '~/cookies.server';
import { submitForm } from '~/forms.server';
import { SignUpForm } from '~/modules/accounts/account-rules';
import { ownPath } from '~/modules/accounts/account-words';
import { signUp } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { ctxOf } from '~/request-context.server';
import { MarketNow } from '~/components/market-now';
import { useShell } from '~/use-shell';

export const meta: MetaFunction = () => [{ title: 'Create account · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await ctxOf(args);
  const next = ownPath(new URL(args.request.url).searchParams.get('next'), '');
  if (ctx.actor.kind === 'user') throw redirect(next || paths.home());
  return { next };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await ctxOf(args);
  const next = ownPath(new URL(args.request.url).searchParams.get('next'), '');
  const client = await markedClientOf(args);
  return submitForm(
    args.request,
    SignUpForm,
    async (form) => {
      await signUp(ctx, { ...form, next }, client);
      return redirect(paths.verify({ sent: 'sign-up' }), { headers: { 'Set-Cookie': client.setCookie } });
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
    <div className="auth">
      <div>
        <h1>Create account</h1>
        <Form {...getFormProps(form)} method="post" className="form mt-6">
          <ErrorSummary errors={form.errors} fields={summary} />
          <Field label="Name" field={fields.name} autoComplete="name" maxLength={80} required />
          <Field
            label="Email"
            type="email"
            field={fields.email}
            autoComplete="username"
            hint="We mail a link to it. Buying and selling start once it is opened."
            required
          />
          <Field
            label="Password"
            type="password"
            field={fields.password}
            autoComplete="new-password"
            hint="At least 10 characters."
            required
          />
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
      </div>
      <MarketNow market={useShell()?.market} />
    </div>
  );
}
