import { getFormProps, useForm, type SubmissionResult } from '@conform-to/react';
import { Form } from '@remix-run/react';
import { EmailField, NameField, NewPasswordField } from '~/components/account-fields';
import { Button, ErrorSummary, Link, LinkButton, Note, PageHead } from '~/components/ui';
import { mailSent } from '~/modules/accounts/account-words';
import { paths } from '~/paths';

type FormAnswer = SubmissionResult<string[]> | null;

interface MailSentProps {
  /** Null if unknown; the form then asks for it. */
  email: string | null;
  /** A mail was just sent; `again` if it was not the first. */
  sent: boolean;
  again: boolean;
  next: string;
  /** The demo shows its mail instead of sending it. */
  outbox: boolean;
  lastResult: FormAnswer;
}

/** Names the address that was mailed and offers to send the mail again. */
export function MailSent({ email, sent, again, next, outbox, lastResult }: MailSentProps) {
  const lead = 'Open the link in it, best in this browser: then you are signed in as well. The link works once, for 24 hours.';
  return (
    <>
      <PageHead
        title={sent ? mailSent : 'Verify your address'}
        lead={
          email ? <Addressed email={email} sent={sent} lead={lead} /> : sent ? lead : 'We mail you a link that works once, for 24 hours.'
        }
      >
        {again && <Note role="status" title="A new link is on its way. The one before no longer works." />}
      </PageHead>
      <div className="prose space-above-5">
        {sent && outbox && (
          <p>
            This is a demo: it sends no mail. <Link to={paths.devMail(email ? { to: email } : {})}>Read it in the outbox</Link>.
          </p>
        )}
        {email && <p>Nothing there after a few minutes? Look in the spam folder, or send it again.</p>}
      </div>
      <SendAgain email={email} next={next} lastResult={lastResult} />
      {email && (
        <p className="space-above-5">
          Not your address? <Link to={paths.signUp({ next })}>Sign up with another one</Link>.
        </p>
      )}
    </>
  );
}

function Addressed({ email, sent, lead }: { email: string; sent: boolean; lead: string }) {
  return (
    <>
      {sent ? 'It went to ' : 'The link goes to '}
      <b className="break-words">{email}</b>. {lead}
    </>
  );
}

/** A form that mails a new link: to an address that we know, or to one that is typed. */
export function SendAgain({ email, next, lastResult }: { email: string | null; next: string; lastResult: FormAnswer }) {
  const [form, fields] = useForm<{ email: string }>({ id: 'send-again', lastResult });
  const shownErrors = email === null ? form.errors : [...(form.errors ?? []), ...(fields.email.errors ?? [])];
  return (
    <Form {...getFormProps(form)} method="post" action={paths.verify({ resend: 1, next })} className="form space-above-5">
      <ErrorSummary
        title="No mail was sent"
        errors={shownErrors}
        fields={email === null ? [{ label: 'Email', field: fields.email }] : []}
      />
      {email === null ? <EmailField field={fields.email} /> : <input type="hidden" name="email" value={email} />}
      <Button>{email === null ? 'Send the link' : 'Send it again'}</Button>
    </Form>
  );
}

export function Verified({ signedIn, next }: { signedIn: boolean; next: string }) {
  const action = signedIn ? <GoOn next={next} /> : <SignInLink next={next} />;
  return (
    <PageHead
      title="Your address is verified"
      lead={signedIn ? 'You are signed in, and can buy and sell now.' : 'You can buy and sell once you are signed in.'}
    >
      <div className="actions">{action}</div>
    </PageHead>
  );
}

function GoOn({ next }: { next: string }) {
  if (next)
    return (
      <LinkButton to={next} variant="primary">
        Go on where you were
      </LinkButton>
    );
  return (
    <>
      <LinkButton to={paths.listings()} variant="primary">
        Browse lots
      </LinkButton>
      <LinkButton to={paths.sellNew()}>List your credit</LinkButton>
    </>
  );
}

function SignInLink({ next }: { next: string }) {
  return (
    <LinkButton to={paths.signIn({ next })} variant="primary">
      Sign in
    </LinkButton>
  );
}

export function Confirm({ token, email }: { token: string; email: string }) {
  return (
    <>
      <PageHead
        title="Verify your address"
        lead={`This confirms that ${email} is yours. If you did not sign up at Credit Mart, close this page.`}
      />
      <Form method="post" className="space-above-5">
        <input type="hidden" name="token" value={token} />
        <Button variant="primary">Verify my address</Button>
      </Form>
    </>
  );
}

export function Invitation({ token, email, lastResult }: { token: string; email: string; lastResult: FormAnswer }) {
  const [form, fields] = useForm<{ name: string; password: string; token: string }>({ id: 'invitation', lastResult });
  return (
    <>
      <PageHead title="Accept the invitation" lead={`An admin account for ${email}. Choose your name and a password.`} />
      <Form {...getFormProps(form)} method="post" action={paths.verify({ token, invitation: '1' })} className="form space-above-5">
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

interface GoneProps {
  /** The user the link was mailed to; null for an unknown link. */
  dead: { email: string; verified: boolean } | null;
  signedIn: boolean;
  next: string;
  lastResult: FormAnswer;
}

/** For a used, replaced or expired link: offers sign-in if the address is verified, else a new link. */
export function Gone({ dead, signedIn, next, lastResult }: GoneProps) {
  if (dead?.verified) {
    return (
      <PageHead
        title="This link was used"
        lead={
          <>
            <b className="break-words">{dead.email}</b> is verified. {signedIn ? 'You are signed in.' : 'Sign in to buy and sell.'}
          </>
        }
      >
        <div className="actions">{signedIn ? <GoOn next={next} /> : <SignInLink next={next} />}</div>
      </PageHead>
    );
  }
  return (
    <>
      <PageHead
        title="This link no longer works"
        lead={
          dead ? (
            <>
              Its 24 hours are over, or a newer mail replaced it. <b className="break-words">{dead.email}</b> is not verified yet.
            </>
          ) : (
            'It is not complete, was used, or its time is over. We mail you a new one.'
          )
        }
      />
      <SendAgain email={dead?.email ?? null} next={next} lastResult={lastResult} />
      {!signedIn && (
        <p className="space-above-5">
          Verified already? <Link to={paths.signIn({ next })}>Sign in</Link>.
        </p>
      )}
    </>
  );
}
