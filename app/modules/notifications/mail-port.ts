export interface OutgoingMail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Hands one mail to a mail server. Resolves when it was taken over; throws when it was not. */
export interface MailPort {
  send(mail: OutgoingMail): Promise<void>;
}

declare module '~/platform/context' {
  interface Ports {
    mail: MailPort;
  }
}
