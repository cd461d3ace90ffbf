import type { MailPort } from '~/modules/notifications/mail-port';

/** For demo and tests: sends nothing. Mail is read from the outbox table (/dev/mail). */
export const outboxOnlyMail: MailPort = { send: () => Promise.resolve() };
