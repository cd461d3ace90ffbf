import { createHash } from 'node:crypto';

export interface AuditRecord {
  actorKind: string;
  actorId: string | null;
  actorName: string;
  action: string;
  subject: string;
  facts: Record<string, string>;
  createdAt: Date;
}

/** The hash before the first record. */
export const chainStart = '0'.repeat(64);

/** Each hash covers the previous record, so changing, adding or removing a row breaks all later ones. */
export function chainHash(previousHash: string, record: AuditRecord): string {
  const facts = Object.entries(record.facts).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = JSON.stringify([
    record.actorKind,
    record.actorId,
    record.actorName,
    record.action,
    record.subject,
    facts,
    record.createdAt.toISOString(),
  ]);
  return createHash('sha256').update(previousHash).update(body).digest('hex');
}
