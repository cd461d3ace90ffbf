import { randomBytes } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import { mailOutbox, users } from '~db/schema';
import { openMailLink, promoteAdmin, signUp } from '~/modules/accounts/index.server';
import type { Actor, Ctx } from '~/platform/context';
import { invariant } from '~/platform/errors';
import type { UserId } from '~/platform/ids';

export type UserActor = Extract<Actor, { kind: 'user' }>;

export interface Person {
  userId: UserId;
  name: string;
  email: string;
  password: string;
  actor: UserActor;
}

/** A person signs up and opens the link in the mail. The random password is stored only in demo.json. */
export async function aPerson(ctx: Ctx, { name, email }: { name: string; email: string }): Promise<Person> {
  const password = randomBytes(12).toString('base64url');
  await signUp(ctx, { name, email, password }, { ip: null, browser: null });
  const { userId } = await openMailLink(ctx, { token: await tokenMailedTo(ctx, email), browser: null });
  return { userId, name, email, password, actor: { kind: 'user', userId, email, name, role: 'user', verified: true } };
}

/** Makes a verified user an admin, by the operator's command. */
export async function anAdmin(ctx: Ctx, person: { name: string; email: string }): Promise<Person> {
  const user = await aPerson(ctx, person);
  await promoteAdmin(ctx, { email: user.email });
  return { ...user, actor: { ...user.actor, role: 'admin' } };
}

async function tokenMailedTo(ctx: Ctx, email: string): Promise<string> {
  const [mail] = await ctx.db
    .select({ text: mailOutbox.text })
    .from(mailOutbox)
    .innerJoin(users, eq(users.email, mailOutbox.recipient))
    .where(and(eq(mailOutbox.recipient, email), eq(mailOutbox.kind, 'account.verify')))
    .orderBy(desc(mailOutbox.createdAt))
    .limit(1);
  const token = mail && /[?&]token=([\w-]+)/.exec(mail.text)?.[1];
  invariant(token, `a verification mail went to ${email}`);
  return token;
}
