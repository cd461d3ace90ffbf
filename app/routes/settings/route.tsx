import { getFormProps, useForm } from '@conform-to/react';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { Button, DefinitionList, ErrorSummary, Field, Link, LinkButton, Note, PageHead, Section, Time } from '~/components/ui';
import { submitForm } from '~/pages/forms.server';
import { SettingsForm } from '~/modules/accounts/account-rules';
import { endAllSignIns, endSignIn } from '~/modules/accounts/index.server';
import { changeSettings } from '~/workflows/people/change-settings.server';
import { paths } from '~/paths';
import { findSettings } from '~/queries/people/settings.server';
import { requireUserCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () => [{ title: 'Settings · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireUserCtx(args);
  return { settings: await findSettings(ctx, ctx.userId), saved: new URL(args.request.url).searchParams.has('saved') };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireUserCtx(args);
  if (new URL(args.request.url).searchParams.has('end')) {
    await endAllSignIns(ctx, ctx.userId);
    return redirect(paths.signIn(), { headers: { 'Set-Cookie': await endSignIn(ctx, null) } });
  }
  return submitForm(args.request, SettingsForm, async (form) => {
    await changeSettings(ctx, form);
    return redirect(paths.settings({ saved: '1' }));
  });
}

export default function Settings() {
  const { settings, saved } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const [form, fields] = useForm<{ name: string; publicName: string }>({
    id: 'settings',
    lastResult: lastResult ?? null,
    defaultValue: settings,
  });
  const terms = {
    term: 'Terms accepted',
    value: settings.terms ? `Version ${settings.terms.version}` : 'Not yet',
    note: settings.terms && <Time at={settings.terms.acceptedAt} />,
  };
  return (
    <>
      <PageHead title="Settings">
        {saved && (
          <Note role="status" title="Saved.">
            Your lots now show this name to buyers.
          </Note>
        )}
      </PageHead>
      <Section title="Account" spacing="tight">
        <DefinitionList
          facts={[
            {
              term: 'Email',
              value: settings.email,
              note: settings.verifiedAt ? (
                <>
                  Verified, <Time at={settings.verifiedAt} />
                </>
              ) : (
                <Link to={paths.verify({ next: paths.settings() })}>Not verified: send the link again</Link>
              ),
            },
            { term: 'Member since', value: <Time at={settings.createdAt} show="day" /> },
            terms,
          ]}
        />
      </Section>
      <Section title="Names">
        <Form {...getFormProps(form)} method="post" className="form">
          <ErrorSummary
            errors={form.errors}
            fields={[
              { label: 'Name', field: fields.name },
              { label: 'Name shown to buyers', field: fields.publicName },
            ]}
          />
          <Field label="Name" field={fields.name} autoComplete="name" maxLength={80} required />
          <Field
            label="Name shown to buyers"
            field={fields.publicName}
            autoComplete="organization"
            maxLength={80}
            hint="Stands on your listings."
            required
          />
          <Button>Save names</Button>
        </Form>
      </Section>
      <Section title="Password" margin="A new password ends every sign-in session.">
        <LinkButton to={paths.reset()}>Choose a new password</LinkButton>
      </Section>
      <Section title="Sign-in sessions" margin="Lost a device? This ends all of them, this one too.">
        <Form method="post" action={paths.settings({ end: '1' })}>
          <Button variant="danger">End every sign-in session</Button>
        </Form>
      </Section>
    </>
  );
}
