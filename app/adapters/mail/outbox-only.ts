import type { MailPort } from '~/modules/notifications/mail-port';

/** For the demo and for tests: no mail server; the outbox table is where mail is read (/dev/mail). */
export const outboxOnlyMail: MailPort = { send: () => Promise.resolve() };
