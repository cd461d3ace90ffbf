import { and, eq, isNull, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { users } from '~db/schema';
import { recordAudit } from '~/modules/audit/index.server';
import { atomic, requireAdmin, type Ctx } from '~/platform/context';
import { conflict, DomainError } from '~/platform/errors';
import { idSchema } from '~/platform/ids';
import { endAllSignIns } from './sign-in-session.server';

const SuspendInput = z.object({ userId: idSchema('user'), reason: z.string().trim().min(1, 'Say why.').max(500) });

/** An admin suspends a person: no sign-in, and every session ends. Money and listings are not changed. */
export async function suspendUser(ctx: Ctx, input: z.input<typeof SuspendInput>): Promise<void> {
  const { userId, reason } = SuspendInput.parse(input);
  if (requireAdmin(ctx) === userId) throw new DomainError('own_account', 'Another admin has to decide on your own account.', 422);
  await atomic(ctx, async (tx) => {
    const changed = await tx.db
      .update(users)
      .set({ suspendedAt: tx.now })
      .where(and(eq(users.id, userId), isNull(users.suspendedAt)))
      .returning({ id: users.id });
    if (changed.length === 0) throw conflict('already_suspended', 'This account is suspended already.');
    await endAllSignIns(tx, userId);
    await recordAudit(tx, 'user.suspended', userId, { reason });
  });
}

/** An admin reinstates a suspended person. */
export async function reinstateUser(ctx: Ctx, input: z.input<typeof SuspendInput>): Promise<void> {
  const { userId, reason } = SuspendInput.parse(input);
  requireAdmin(ctx);
  await atomic(ctx, async (tx) => {
    const changed = await tx.db
      .update(users)
      .set({ suspendedAt: null })
      .where(and(eq(users.id, userId), isNotNull(users.suspendedAt)))
      .returning({ id: users.id });
    if (changed.length === 0) throw conflict('not_suspended', 'This account is not suspended.');
    await recordAudit(tx, 'user.reinstated', userId, { reason });
  });
}
