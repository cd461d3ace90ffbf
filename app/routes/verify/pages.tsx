import { getFormProps, useForm, type SubmissionResult } from '@conform-to/react';
import { Form } from '@remix-run/react';
import { NameField, NewPasswordField } from '~/components/account-fields';
import { Button, EmptyState, ErrorSummary, Link, LinkButton, PageHead } from '~/components/ui';
import { mailSent } from '~/modules/accounts/account-words';
import { paths } from '~/paths';

export function MailSent({ outbox }: { outbox: boolean }) {
  return (
    <>
      <PageHead
        title={mailSent}
        lead="Open the link in it, best in this browser: then you are signed in as well. The link works once, for 24 hours."
      />
      <div className="prose mt-6">
        <p>
          Nothing there after a few minutes? Look in the spam folder, or <Link to={paths.signUp()}>try again</Link>: a new link replaces the
          old one.
        </p>
        {outbox && (
          <p>
            This is a demo: it sends no mail. <Link to={paths.devMail()}>Read it in the outbox</Link>.
          </p>
        )}
      </div>
    </>
  );
}

export function Verified({ signedIn }: { signedIn: boolean }) {
  return (
    <PageHead
      title="Your address is verified"
      lead={signedIn ? 'You are signed in, and can buy and sell now.' : 'You can buy and sell once you are signed in.'}
    >
      <div className="actions">
        {signedIn ? (
          <>
            <LinkButton to={paths.listings()} variant="primary">
              Browse lots
            </LinkButton>
            <LinkButton to={paths.sellNew()}>List your credit</LinkButton>
          </>
        ) : (
          <LinkButton to={paths.signIn()} variant="primary">
            Sign in
          </LinkButton>
        )}
      </div>
    </PageHead>
  );
}

export function Confirm({ token, email }: { token: string; email: string }) {
  return (
    <>
      <PageHead
        title="Verify your address"
        lead={`This confirms that ${email} is yours. If you did not sign up at Credit Mart, close this page.`}
      />
      <Form method="post" className="mt-6">
        <input type="hidden" name="token" value={token} />
        <Button variant="primary">Verify my address</Button>
      </Form>
    </>
  );
}

export function Invitation({ token, email, lastResult }: { token: string; email: string; lastResult: SubmissionResult<string[]> | null }) {
  const [form, fields] = useForm<{ name: string; password: string; token: string }>({ id: 'invitation', lastResult });
  return (
    <>
      <PageHead title="Accept the invitation" lead={`An admin account for ${email}. Choose your name and a password.`} />
      <Form {...getFormProps(form)} method="post" action={paths.verify({ token, invitation: '1' })} className="form mt-6">
        <ErrorSummary
          errors={form.errors}
          fields={[
            { label: 'Name', field: fields.name },
            { label: 'Password', field: fields.password },
          ]}
        />
        <input type="hidden" name="token" value={token} />
        <NameField field={fields.name} />
        <NewPasswordField field={fields.password} />
        <Button variant="primary">Create account</Button>
      </Form>
    </>
  );
}

export function Gone({ signedIn }: { signedIn: boolean }) {
  const action = signedIn ? <LinkButton to={paths.home()}>Home</LinkButton> : <LinkButton to={paths.signIn()}>Sign in</LinkButton>;
  return (
    <EmptyState as="h1" title="This link no longer works" action={action}>
      It was used, or its time is over. If your address is verified, sign in; if not, sign up again and a new link comes by mail.
    </EmptyState>
  );
}
