import { expect } from 'vitest';
import type { Answer } from './roles';

export interface Asked {
  status: number;
  location: string | null;
  body: string;
}

/** Sends a request without following redirects. */
export async function ask(url: string, init: RequestInit = {}): Promise<Asked> {
  const answer = await fetch(url, { ...init, redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), body: await answer.text() };
}

/** Posts a form as a browser does. */
export function sendForm(url: string, body: Record<string, string>, headers: Record<string, string>): Promise<Asked> {
  return ask(url, { method: 'POST', headers, body: new URLSearchParams(body) });
}

/** The answer in the words of the matrix; ids in a redirect become `:id`. */
export function describeAnswer({ status, location }: Asked): string {
  if (status === 200 || status === 201) return 'page';
  if (status === 404) return 'absent';
  if (location === null) return String(status);
  const { pathname, searchParams } = new URL(location, 'http://own.test');
  if (pathname === '/signin' && searchParams.has('next')) return 'signIn';
  return pathname.replace(/[a-z]{3}_[0-9a-f]{32}/, ':id');
}

/** Compares an answer with the matrix. `done` is a redirect, or a page that shows the result. */
export function expectAnswer(asked: Asked, wanted: Answer, what: string): void {
  const word = describeAnswer(asked);
  if (wanted === 'done') {
    expect(['signIn', 'absent'].includes(word) ? word : asked.status, `${what} is done`).toSatisfy(
      (status: unknown) => typeof status === 'number' && status < 400,
    );
  } else expect(word, what).toBe(String(wanted));
}

/** Asks a page's loaders for their data only; there a redirect is a 202. */
export function dataPath(path: string): string {
  const [pathname = '', query] = path.split('?');
  return `${pathname === '/' ? '/_root' : pathname}.data${query ? `?${query}` : ''}`;
}
