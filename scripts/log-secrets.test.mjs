import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { canFind, findSecrets } from './log-secrets.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credit-mart-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('the search finds recorded secrets and texts shaped like one, and reports the place without the secret', () => {
  writeFileSync(join(folder, 'secrets.txt'), 'a-noted-secret\n');
  writeFileSync(join(folder, 'web.log'), '{"msg":"serving"}\n{"msg":"a-noted-secret"}\n{"msg":"r8_abcdefgh1"}\n');
  expect(findSecrets(folder)).toEqual({
    lines: 3,
    noted: 1,
    findings: [
      { file: 'web.log', line: 2, what: 'a secret that a test noted' },
      { file: 'web.log', line: 3, what: 'Replicate token' },
    ],
  });
});

it('the search finds one planted secret of each kind', () => {
  writeFileSync(join(folder, 'secrets.txt'), 'a-noted-secret\n');
  expect(canFind(folder)).toBe(true);
});

it('the search ignores redacted secrets', () => {
  writeFileSync(join(folder, 'web.log'), '{"msg":"postgres://market:[removed]@db/market, /gateway/hooks/run_0/[removed], [removed]"}\n');
  expect(findSecrets(folder).findings).toEqual([]);
});
