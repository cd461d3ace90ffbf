import { composeMail } from '../mail-letter';

const becauseAddress = 'You get this mail because this address was typed into a form at Credit Mart.';
const becauseAccount = 'You get this mail because of your account at Credit Mart; it cannot be switched off.';

export function verifyMail({ name, url }: { name: string; url: string }) {
  return composeMail({
    kind: 'account.verify',
    subject: 'Verify your address',
    title: 'Verify your address',
    paragraphs: [`Hello ${name}, this link verifies the address of your new account. It works once, for 24 hours.`],
    action: { label: 'Verify my address', url },
    after: [
      'Open it in the browser in which you signed up, and you are signed in as well.',
      'If you did not sign up, do nothing: an account without a verified address can neither buy nor sell.',
    ],
    because: becauseAddress,
  });
}

export function addressKnownMail({ signInUrl, resetUrl }: { signInUrl: string; resetUrl: string }) {
  return composeMail({
    kind: 'account.known_address',
    subject: 'You already have an account',
    title: 'You already have an account',
    paragraphs: ['Somebody, probably you, signed up with this address. It already has an account, and nothing about it was changed.'],
    action: { label: 'Sign in', url: signInUrl },
    after: [`Forgot the password? Choose a new one: ${resetUrl}`, 'If it was not you, do nothing.'],
    because: becauseAddress,
  });
}

export function resetMail({ url }: { url: string }) {
  return composeMail({
    kind: 'account.reset',
    subject: 'Choose a new password',
    title: 'Choose a new password',
    paragraphs: ['This link lets you choose a new password. It works once, for one hour. A new password ends every sign-in session.'],
    action: { label: 'Choose a new password', url },
    after: ['If you did not ask for it, do nothing: your password stays as it is.'],
    because: becauseAddress,
  });
}

export function noAccountMail({ url }: { url: string }) {
  return composeMail({
    kind: 'account.reset_unknown',
    subject: 'There is no account with this address',
    title: 'There is no account with this address',
    paragraphs: [
      'Somebody, probably you, asked for a link to the account of this address. No account uses it; you may have signed up with another one.',
    ],
    action: { label: 'Create account', url },
    after: ['If it was not you, do nothing.'],
    because: becauseAddress,
  });
}

export function passwordChangedMail({ resetUrl }: { resetUrl: string }) {
  return composeMail({
    kind: 'account.password_changed',
    subject: 'Your password was changed',
    title: 'Your password was changed',
    paragraphs: ['A new password was chosen through a link we mailed to this address. Every sign-in session has ended.'],
    after: [`If it was not you, choose another at once: ${resetUrl}`],
    because: becauseAccount,
  });
}

export function manyWrongPasswordsMail({ resetUrl }: { resetUrl: string }) {
  return composeMail({
    kind: 'account.many_wrong_passwords',
    subject: 'Somebody types wrong passwords for your account',
    title: 'Somebody types wrong passwords for your account',
    paragraphs: [
      'Ten or more wrong passwords were typed for your account within an hour. Each of them was refused.',
      'Browsers in which you signed in before go on working. In a new browser you may have to wait, or choose a new password.',
    ],
    action: { label: 'Choose a new password', url: resetUrl },
    after: ['If you use the same password elsewhere, choose a new one. If you forgot it and typed it yourself, all is well.'],
    because: becauseAccount,
  });
}

export function invitationMail({ url }: { url: string }) {
  return composeMail({
    kind: 'account.invited',
    subject: 'You are invited as an admin of Credit Mart',
    title: 'You are invited as an admin',
    paragraphs: [
      'An operator of this market invites you to review listings. The link lets you choose a name and a password. It works once, for 7 days.',
    ],
    action: { label: 'Accept the invitation', url },
    because: becauseAddress,
  });
}

export function promotedMail({ url }: { url: string }) {
  return composeMail({
    kind: 'account.promoted',
    subject: 'You are an admin of Credit Mart',
    title: 'You are an admin now',
    paragraphs: ['An operator of this market made your account an admin’s. The queue shows what waits for a decision.'],
    action: { label: 'Open the queue', url },
    because: becauseAccount,
  });
}

export function suspendedMail({ reason }: { reason: string }) {
  return composeMail({
    kind: 'account.suspended',
    subject: 'Your account is suspended',
    title: 'Your account is suspended',
    paragraphs: [
      `An admin of this market has suspended your account: ${reason}`,
      'Signing in is blocked, and its access keys have stopped. Your purchases and the money held for you stay on the books.',
    ],
    after: ['If you think that this is wrong, answer this mail.'],
    because: becauseAccount,
  });
}

export function reinstatedMail({ signInUrl }: { signInUrl: string }) {
  return composeMail({
    kind: 'account.reinstated',
    subject: 'Your account is open again',
    title: 'Your account is open again',
    paragraphs: [
      'An admin has lifted the suspension of your account. The access keys from before stay stopped: make new ones in your wallet.',
    ],
    action: { label: 'Sign in', url: signInUrl },
    because: becauseAccount,
  });
}
