export { notifyUser, notifyUsers, queueMail } from './queue-mail.server';
export { sendMail } from './send-mail.server';
export type { MailPort } from './mail-port';
