import { expect, it } from 'vitest';
import { remembered } from './remembered-pictures';

function drawing() {
  const drawn: string[] = [];
  return { drawn, ask: (key: string) => remembered(key, () => (drawn.push(key), Promise.resolve(Buffer.from(key)))) };
}

it('draws a picture once for all who ask', async () => {
  const { drawn, ask } = drawing();
  await Promise.all([ask('once'), ask('once')]);
  expect((await ask('once')).toString()).toBe('once');
  expect(drawn).toEqual(['once']);
});

it('keeps two hundred, and forgets the one asked for longest ago', async () => {
  const { drawn, ask } = drawing();
  for (let at = 0; at < 200; at += 1) await ask(`many ${at}`);
  await ask('many 0');
  await ask('one more');
  drawn.length = 0;
  await ask('many 0');
  await ask('many 1');
  expect(drawn).toEqual(['many 1']);
});

it('tries again after a failure', async () => {
  await expect(remembered('fails', () => Promise.reject(new Error('no font')))).rejects.toThrow('no font');
  expect((await remembered('fails', () => Promise.resolve(Buffer.from('now')))).toString()).toBe('now');
});
