import { createTransport } from 'nodemailer';
import type { MailPort } from '~/modules/notifications/mail-port';

/** Mail through an SMTP server, e.g. `smtps://user:password@host`. */
export function createSmtpMail({ smtpUrl, from }: { smtpUrl: string; from: string }): MailPort {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  return {
    send: async ({ to, subject, text, html }) => {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, html });
    },
  };
}
