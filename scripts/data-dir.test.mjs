import { expect, it } from 'vitest';
import { commandSettings } from './data-dir.mjs';

const running = { DATABASE_URL: 'postgres://running/market', VAULT_KEYS: 'of the running market' };

it('a command uses the running market if the environment names no database', () => {
  expect(commandSettings({ DATABASE_URL: '', LOG_LEVEL: 'info' }, running)).toEqual({ ...running, LOG_LEVEL: 'info' });
  expect(commandSettings({ DATABASE_URL: running.DATABASE_URL }, running)).toEqual(running);
  expect(commandSettings({ TARGET_DATABASE_URL: 'postgres://elsewhere/empty' }, running)).toMatchObject(running);
});

it('the environment wins, and no secrets of the running market are used with its database', () => {
  const elsewhere = { DATABASE_URL: 'postgres://elsewhere/market' };
  expect(commandSettings(elsewhere, running)).toEqual(elsewhere);
  expect(commandSettings({ VAULT_KEYS: 'given' }, running)).toEqual({ ...running, VAULT_KEYS: 'given' });
});

it('a command finds no database if neither names one', () => {
  expect(commandSettings({}, null)).toBeNull();
});
