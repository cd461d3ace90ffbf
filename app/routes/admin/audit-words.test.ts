import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adminStepWords } from '~/modules/listings/review-words';
import { actionInWords, actionWords, factsInWords } from './audit-words';

it('says facts in words and units', () => {
  expect(factsInWords({ fromBps: '4500', toBps: '5000' })).toBe('from: 45.0% · to: 50.0%');
  expect(factsInWords({ to: '$600.00', from: '$500.00' })).toBe('from: $500.00 · to: $600.00');
  expect(factsInWords({ withdrawnNano: '1500000000000', reason: 'price_doubtful' })).toBe(
    'withdrawn: $1,500.00 · reason: The price is in doubt',
  );
  expect(factsInWords({ feeBps: '10.0% → 9.0%', note: 'A lower fee.' })).toBe('Fee: 10.0% → 9.0% · note: A lower fee.');
});

it('shows an action that has no words as it is written', () => {
  expect(actionInWords('thing.was_done')).toBe('thing was done');
});

it('has words for every action that a command writes down', () => {
  const files = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.server.ts'));
  const written = ['app/modules', 'app/workflows'].flatMap((folder) =>
    files(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/recordAudit\(\w+, '([a-z_.]+)'/g)].map(([, action = '']) => action),
    ),
  );
  expect(written.length).toBeGreaterThan(15);
  // Decisions and the end of a listing are written as `listing.${step}`.
  const steps = [...Object.keys(adminStepWords).filter((step) => step !== 'submit' && step !== 'answer'), 'expire', 'lapse'];
  const all = [...written, ...steps.map((step) => `listing.${step}`)];
  expect(all.filter((action) => !Object.hasOwn(actionWords, action))).toEqual([]);
});
