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

it('finds what a test noted and what looks like a secret, and names where without saying it', () => {
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

it('finds one of each kind that is planted, which proves that it can', () => {
  writeFileSync(join(folder, 'secrets.txt'), 'a-noted-secret\n');
  expect(canFind(folder)).toBe(true);
});

it('passes over what has been removed', () => {
  writeFileSync(join(folder, 'web.log'), '{"msg":"postgres://market:[removed]@db/market, /gateway/hooks/run_0/[removed], [removed]"}\n');
  expect(findSecrets(folder).findings).toEqual([]);
});
