import { createTransport } from 'nodemailer';
import type { MailPort } from '~/modules/notifications/mail-port';

/** Mail through an SMTP server, e.g. `smtps://user:password@host`. Answers go to `replyTo`, which a person reads. */
export function createSmtpMail({ smtpUrl, from, replyTo }: { smtpUrl: string; from: string; replyTo: string }): MailPort {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  return {
    send: async ({ to, subject, text, html }) => {
      await transport.sendMail({ from, replyTo, to: { name: '', address: to }, subject, text, html });
    },
  };
}
