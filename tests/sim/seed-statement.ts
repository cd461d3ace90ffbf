import postgres from 'postgres';
import type { Settlement } from './settlement';

/** A bug put into a database function: the text to find, and its replacement. */
export interface SeededStatement {
  named: string;
  text: string;
  instead: string;
}

/** Every run copied from this database has the bug. @throws when the function no longer contains the text. */
export async function seedStatement({ cluster }: Settlement, { named, text, instead }: SeededStatement): Promise<void> {
  const url = new URL(cluster.adminUrl);
  url.pathname = `/${cluster.template}`;
  const client = postgres(url.href, { max: 1, onnotice: () => undefined });
  try {
    const [found] = await client<{ source: string }[]>`select pg_get_functiondef(oid) as source from pg_proc where proname = ${named}`;
    if (!found?.source.includes(text)) throw new Error(`${named} no longer says “${text}”: seed this bug anew.`);
    await client.unsafe(found.source.replace(text, instead));
  } finally {
    await client.end({ timeout: 5 });
  }
}
