import { desc, eq } from 'drizzle-orm';
import { mailOutbox } from '~db/schema';
import { openMailLink, promoteAdmin, signUp } from '~/modules/accounts/index.server';
import { asSystem, type Actor, type Ctx } from '~/platform/context';
import type { UserId } from '~/platform/ids';
import { rememberSecrets } from '~tests/setup/logged';

export type UserActor = Extract<Actor, { kind: 'user' }>;

export interface TestUser {
  userId: UserId;
  email: string;
  password: string;
  actor: UserActor;
}

let made = 0;

/** A verified user, created through sign-up and the mailed link. */
export async function aUser(ctx: Ctx, given: { name?: string; email?: string } = {}): Promise<TestUser> {
  made += 1;
  const { name = `User ${made}`, email = `user${made}-${process.pid}@example.com` } = given;
  const password = `password of ${email}`;
  rememberSecrets(password);
  await signUp(ctx, { name, email, password }, { ip: null, browser: null });
  const { userId } = await openMailLink(ctx, { token: await tokenMailedTo(ctx, email), browser: null });
  return { userId, email, password, actor: { kind: 'user', userId, email, name, role: 'user', verified: true } };
}

export async function anAdmin(ctx: Ctx, given: { name?: string; email?: string } = {}): Promise<TestUser> {
  const user = await aUser(ctx, given);
  await promoteAdmin(asSystem(ctx, 'operator'), { email: user.email });
  return { ...user, actor: { ...user.actor, role: 'admin' } };
}

/** The mails to an address, newest first. */
export async function mailTo(ctx: Ctx, email: string) {
  return ctx.db.select().from(mailOutbox).where(eq(mailOutbox.recipient, email)).orderBy(desc(mailOutbox.createdAt), desc(mailOutbox.id));
}

/** The token of the link in the newest mail to an address. */
export async function tokenMailedTo(ctx: Ctx, email: string): Promise<string> {
  const [mail] = await mailTo(ctx, email);
  const token = mail && /[?&]token=([\w-]+)/.exec(mail.text)?.[1];
  if (token) rememberSecrets(token);
  if (!token) throw new Error(`The newest mail to ${email} holds no link with a token.`);
  return token;
}
