import { createHash } from 'node:crypto';
import { eq, lte, sql } from 'drizzle-orm';
import { Lucia, TimeSpan, type Adapter, type DatabaseSession } from 'lucia';
import { rowsOf } from '~db/rows';
import { signInSessions, users } from '~db/schema';
import type { Actor, Ctx, Db } from '~/platform/context';
import type { UserId as OwnUserId } from '~/platform/ids';

/**
 * The only file that imports Lucia. Our own adapter stores the SHA-256 of the cookie's value, so that a reader of the table cannot sign
 * in with it.
 */
type UserRow = Pick<typeof users.$inferSelect, 'email' | 'name' | 'role' | 'verifiedAt' | 'suspendedAt'>;

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<Record<never, never>, UserRow>;
    UserId: OwnUserId;
    DatabaseUserAttributes: UserRow;
  }
}

const hashed = (id: string) => createHash('sha256').update(id).digest('hex');

const userRows = rowsOf(users);

function hashedAdapter(db: Db): Adapter {
  return {
    getSessionAndUser: async (id) => {
      const { sql: statement } = db;
      const [row] = await statement<{ session_expires_at: string }[]>`
        select ${statement(userRows.names)}, session_expires_at
        from (select user_id, expires_at as session_expires_at from sign_in_sessions where id = ${hashed(id)}) as session
        join users on users.id = session.user_id`;
      if (!row) return [null, null];
      const user = userRows.toModel(row);
      return [
        { id, userId: user.id, expiresAt: new Date(row.session_expires_at), attributes: {} },
        { id: user.id, attributes: user },
      ];
    },
    getUserSessions: async (userId): Promise<DatabaseSession[]> => {
      const rows = await db.select().from(signInSessions).where(eq(signInSessions.userId, userId));
      return rows.map((row) => ({ ...row, attributes: {} }));
    },
    setSession: async ({ id, userId, expiresAt }) => {
      await db.insert(signInSessions).values({ id: hashed(id), userId, expiresAt });
    },
    updateSessionExpiration: async (id, expiresAt) => {
      await db
        .update(signInSessions)
        .set({ expiresAt })
        .where(eq(signInSessions.id, hashed(id)));
    },
    deleteSession: async (id) => {
      await db.delete(signInSessions).where(eq(signInSessions.id, hashed(id)));
    },
    deleteUserSessions: async (userId) => {
      await db.delete(signInSessions).where(eq(signInSessions.userId, userId));
    },
    deleteExpiredSessions: async () => {
      await db.delete(signInSessions).where(lte(signInSessions.expiresAt, sql`now()`));
    },
  };
}

/** A session ends 30 days after its last use by its row; the cookie lasts longer. */
function luciaFor(ctx: Ctx) {
  const secure = ctx.config.publicUrl.startsWith('https://');
  return new Lucia(hashedAdapter(ctx.db), {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    sessionCookie: { name: secure ? '__Host-sign_in' : 'sign_in', expires: false, attributes: { secure, sameSite: 'lax', path: '/' } },
    getUserAttributes: ({ email, name, role, verifiedAt, suspendedAt }) => ({ email, name, role, verifiedAt, suspendedAt }),
  });
}

/** The actor of a cookie header. Sessions of suspended users count as visitors. */
export async function readSignIn(ctx: Ctx, cookieHeader: string | null): Promise<Actor> {
  const lucia = luciaFor(ctx);
  const id = cookieHeader ? lucia.readSessionCookie(cookieHeader) : null;
  if (!id || id.length > 100) return { kind: 'visitor' };
  const { user } = await lucia.validateSession(id);
  if (!user || user.suspendedAt) return { kind: 'visitor' };
  return { kind: 'user', userId: user.id, email: user.email, name: user.name, role: user.role, verified: user.verifiedAt !== null };
}

/** Begins a sign-in session under a new id and ends the one the browser had. Returns the Set-Cookie header's value. */
export async function startSignIn(ctx: Ctx, userId: OwnUserId, cookieHeader: string | null): Promise<string> {
  const lucia = luciaFor(ctx);
  await endSignIn(ctx, cookieHeader);
  const session = await lucia.createSession(userId, {});
  return lucia.createSessionCookie(session.id).serialize();
}

/** Ends the browser's sign-in session, if it has one. Returns the Set-Cookie header's value that deletes the cookie. */
export async function endSignIn(ctx: Ctx, cookieHeader: string | null): Promise<string> {
  const lucia = luciaFor(ctx);
  const id = cookieHeader ? lucia.readSessionCookie(cookieHeader) : null;
  if (id && id.length <= 100) await lucia.invalidateSession(id);
  return lucia.createBlankSessionCookie().serialize();
}

/** Ends every sign-in session of a user, on all machines. */
export async function endAllSignIns(ctx: Ctx, userId: OwnUserId): Promise<void> {
  await luciaFor(ctx).invalidateUserSessions(userId);
}

export async function deleteExpiredSignIns(ctx: Ctx): Promise<void> {
  await luciaFor(ctx).deleteExpiredSessions();
}
