import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, describe, expect, it } from 'vitest';
import { functionChanges } from '~db/functions.server';
import { testDatabase } from '~tests/setup/database';

const database = testDatabase();
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** What db:generate would write if one file were different. */
async function changesWith(file: string, edit: (text: string) => string | null): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'functions-'));
  folders.push(folder);
  cpSync('db/functions', folder, { recursive: true });
  const path = join(folder, file);
  const text = edit(file === 'new_function.sql' ? '' : readFileSync(path, 'utf8'));
  if (text === null) rmSync(path);
  else writeFileSync(path, text);
  return functionChanges(database.ownerUrl, folder);
}

async function defined(name: string): Promise<string> {
  const client = postgres(database.ownerUrl, { max: 1 });
  const [row] = await client`select pg_get_functiondef(${name}::regproc) as text`;
  await client.end();
  return String(row?.text);
}

describe('db/functions', () => {
  it('matches the migrated database', async () => {
    expect(await functionChanges(database.ownerUrl)).toEqual([]);
  });

  it('asks for a migration when a function’s body changes, and leaves the database unchanged', async () => {
    const before = await defined('reservation_minimum');
    const [statement, ...others] = await changesWith('reservation_minimum.sql', (text) => text.replace('THEN 0', 'THEN 1'));
    expect(statement).toContain('CREATE OR REPLACE FUNCTION reservation_minimum');
    expect(others).toEqual([]);
    expect(await defined('reservation_minimum')).toBe(before);
  });

  it('asks for no migration when only a comment above a function changes', async () => {
    expect(await changesWith('reservation_minimum.sql', (text) => `-- Another comment.\n${text}`)).toEqual([]);
  });

  it('drops the old function when its arguments or result change', async () => {
    const drop = 'DROP FUNCTION reservation_minimum(l listings, p_shown_bps integer, p_min_cents bigint);';
    const otherArguments = await changesWith('reservation_minimum.sql', (text) =>
      text.replace('p_min_cents bigint)', 'p_min_cents numeric)'),
    );
    const otherResult = await changesWith('reservation_minimum.sql', (text) => text.replace('RETURNS bigint', 'RETURNS numeric'));
    expect([otherArguments[0], otherResult[0]]).toEqual([drop, drop]);
    expect([otherArguments.length, otherResult.length]).toEqual([2, 2]);
  });

  it('drops a function without a file, and creates a new one', async () => {
    expect(await changesWith('tell_market_changed.sql', () => null)).toEqual([
      'DROP TRIGGER listings_market_changed ON listings;',
      'DROP TRIGGER policies_market_changed ON policies;',
      'DROP FUNCTION tell_market_changed();',
    ]);
    const text = 'CREATE OR REPLACE FUNCTION new_function() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;';
    expect(await changesWith('new_function.sql', () => text)).toEqual([text]);
  });

  it('detects a changed trigger', async () => {
    const [statement] = await changesWith('tell_market_changed.sql', (text) =>
      text.replace('AFTER INSERT ON policies', 'AFTER UPDATE ON policies'),
    );
    expect(statement).toContain('AFTER UPDATE ON policies');
  });
});
