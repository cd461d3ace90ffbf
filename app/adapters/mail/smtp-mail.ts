import { createTransport } from 'nodemailer';
import type { MailPort } from '~/modules/notifications/mail-port';

/** Sends mail through an SMTP server, such as `smtps://user:password@host`. A person reads answers at `replyTo`. */
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
