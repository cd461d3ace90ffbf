import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { EmptyState, Link, PageHead, Time } from '~/components/ui';
import { errorPage, orPage } from '~/pages/forms.server';
import { paths } from '~/paths';
import { notFound } from '~/platform/errors';
import { outboxPage } from '~/queries/admin/outbox.server';
import { requestCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () => [{ title: 'Outbox of the demo · Credit Mart' }, { name: 'robots', content: 'noindex' }];

/** The mails the demo would have sent, newest first: all, those to one address, or one. */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const to = new URL(args.request.url).searchParams.get('to') ?? undefined;
  const { mailId } = args.params;
  const mails = await orPage(outboxPage(ctx, { to, id: mailId }));
  if (mailId && mails.length === 0) throw errorPage(notFound('mail'));
  return { mails, to: to ?? null, one: mailId !== undefined };
}

export default function Outbox() {
  const { mails, to, one } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title={to ? `Mail to ${to}` : 'Outbox'}
        lead="The demo sends no mail. The mails it would have sent are listed here, newest first."
      >
        {(to ?? one) && (
          <p>
            <Link to={paths.devMail()}>All mail</Link>
          </p>
        )}
      </PageHead>
      {mails.length === 0 && (
        <EmptyState as="h2" title="No mail yet">
          Sign up, or buy something, and it appears here.
        </EmptyState>
      )}
      {mails.map((mail) => (
        <article key={mail.id} className="row">
          <div className="row-margin">
            <h2>
              <Link to={paths.devMailOne(mail.id)}>{mail.subject}</Link>
            </h2>
            <MailHead to={mail.to} at={mail.createdAt} />
          </div>
          <div className="row-entry">
            <iframe
              className="mail-frame"
              src={paths.devMailHtml(mail.id)}
              title={`${mail.subject}, as it looks`}
              sandbox="allow-top-navigation-by-user-activation"
              loading="lazy"
            />
            <details open={one}>
              <summary>Plain text</summary>
              <MailText text={mail.text} />
            </details>
          </div>
        </article>
      ))}
    </>
  );
}

function MailHead({ to, at }: { to: string; at: Date }) {
  return (
    <p className="break-words">
      To <Link to={paths.devMail({ to })}>{to}</Link>
      <br />
      <Time at={at} />
    </p>
  );
}

/** The mail's text with its URLs as links. They load the whole page, as links from a mail program do. */
function MailText({ text }: { text: string }) {
  return (
    <div className="prose keep-lines">
      {text.split(/(https?:\/\/\S+)/).map((part, index) =>
        index % 2 === 1 ? (
          <a key={index} href={part} className="break-words">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </div>
  );
}
