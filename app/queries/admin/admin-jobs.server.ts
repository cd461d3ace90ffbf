import { and, desc, isNotNull, isNull, sql } from 'drizzle-orm';
import { mailOutbox } from '~db/schema';
import { requireAdmin, type Ctx } from '~/platform/context';

const pageSize = 50;

interface JobRow extends Record<string, unknown> {
  id: string;
  task_identifier: string;
  attempts: number;
  max_attempts: number;
  last_error: string | null;
  run_at: string | Date;
  created_at: string | Date;
}

/** Failed jobs (dead or to be retried) and undelivered mail, newest first, at most 50 each, without payloads. */
export async function adminJobs(ctx: Ctx) {
  requireAdmin(ctx);
  const [jobs, mail] = await Promise.all([
    ctx.db.execute<JobRow>(sql`
      select id::text, task_identifier, attempts, max_attempts, last_error, run_at, created_at from graphile_worker.jobs
      where last_error is not null order by (attempts >= max_attempts) desc, created_at desc limit ${pageSize}`),
    ctx.db
      .select({
        id: mailOutbox.id,
        recipient: mailOutbox.recipient,
        kind: mailOutbox.kind,
        subject: mailOutbox.subject,
        failure: mailOutbox.failure,
        createdAt: mailOutbox.createdAt,
      })
      .from(mailOutbox)
      .where(and(isNull(mailOutbox.sentAt), isNotNull(mailOutbox.failure)))
      .orderBy(desc(mailOutbox.createdAt))
      .limit(pageSize),
  ]);
  return { jobs: [...jobs].map(toJob), mail };
}

function toJob(row: JobRow) {
  return {
    id: row.id,
    name: row.task_identifier,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    dead: row.attempts >= row.max_attempts,
    failure: (row.last_error ?? '').split('\n')[0]?.slice(0, 200) ?? '',
    runAt: new Date(row.run_at),
    createdAt: new Date(row.created_at),
  };
}
