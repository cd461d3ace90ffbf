import { expect, it } from 'vitest';
import { commandSettings } from './data-dir.mjs';

const running = { DATABASE_URL: 'postgres://running/market', VAULT_KEYS: 'of the running market' };

it('uses the running market where the environment names no database', () => {
  expect(commandSettings({ DATABASE_URL: '', LOG_LEVEL: 'info' }, running)).toEqual({ ...running, LOG_LEVEL: 'info' });
  expect(commandSettings({ DATABASE_URL: running.DATABASE_URL }, running)).toEqual(running);
  expect(commandSettings({ TARGET_DATABASE_URL: 'postgres://elsewhere/empty' }, running)).toMatchObject(running);
});

it('lets the environment win, and mixes no secrets of the running market into another', () => {
  const elsewhere = { DATABASE_URL: 'postgres://elsewhere/market' };
  expect(commandSettings(elsewhere, running)).toEqual(elsewhere);
  expect(commandSettings({ VAULT_KEYS: 'given' }, running)).toEqual({ ...running, VAULT_KEYS: 'given' });
});

it('names no database where there is none', () => {
  expect(commandSettings({}, null)).toBeNull();
});
