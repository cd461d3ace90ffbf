import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Stack } from '~tests/setup/stack';

/** What people do on the pages, by the labels of the controls. */
export interface Account {
  name: string;
  email: string;
  password: string;
}

export const account = (name: string): Account => ({
  name,
  email: `${name.toLowerCase().replace(/\W+/g, '.')}@people.example`,
  password: `correct horse ${name} staple`,
});

/** Signs up and opens the mailed link in the same browser, which signs in. */
export async function signUp(stack: Stack, page: Page, person: Account): Promise<void> {
  await page.goto(`${stack.baseUrl}/signup`);
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('We sent you a mail').first().waitFor();
  await page.goto(await mailedLink(stack, person.email));
  await page.getByRole('button', { name: 'Sign out' }).first().waitFor({ state: 'attached' });
}

export async function signIn(stack: Stack, page: Page, { email, password }: Account): Promise<void> {
  await page.goto(`${stack.baseUrl}/signin`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/signin');
}

/** The newest link in a mail to this address, from the demo's outbox. */
export async function mailedLink(stack: Stack, email: string): Promise<string> {
  for (let tries = 0; tries < 50; tries += 1) {
    const outbox = await (await fetch(`${stack.baseUrl}/dev/mail?to=${encodeURIComponent(email)}`)).text();
    const link = /https?:\/\/[^"'<>\s]+\/verify\?[^"'<>\s]+/.exec(outbox)?.[0];
    if (link) return link.replaceAll('&amp;', '&');
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`No verification mail for ${email}.`);
}

export interface NewLot {
  faceUsd: string;
  discount: string;
  expiresOn: string;
  minimumUsd: string;
  token: string;
}

export async function listCredit(stack: Stack, page: Page, lot: NewLot): Promise<void> {
  await page.goto(`${stack.baseUrl}/sell/listings/new`);
  await page.getByLabel('Face value (USD)').fill(lot.faceUsd);
  await page.getByLabel('Discount (%)').fill(lot.discount);
  await page.getByLabel('Credit expires on').fill(lot.expiresOn);
  await page.getByLabel('Minimum purchase (USD)').fill(lot.minimumUsd);
  await page.getByLabel('Replicate API token').fill(lot.token);
  await page.getByLabel(/^I own this credit/).check();
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/new'));
}

export async function approve(stack: Stack, page: Page, faceText: string): Promise<void> {
  await page.goto(`${stack.baseUrl}/admin`);
  await page.getByRole('main').getByRole('link', { name: faceText }).first().click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page
    .getByText(/Active|On sale|approved/i)
    .first()
    .waitFor();
}

/** From a lot's page through Stripe's to "Payment received". Returns the key and base URL shown there. */
export async function buy(
  stack: Stack,
  page: Page,
  listingPath: string,
  amount: string,
  card = '4242424242424242',
): Promise<{ accessKey: string; baseUrl: string }> {
  await page.goto(stack.baseUrl + listingPath);
  await page.getByLabel('Amount (USD of credit)').fill(amount);
  await page.getByLabel(/^I want to use the credit at once/).check();
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Buy for/ })
    .click();
  await pay(page, card);
  await page.getByText('Payment received').first().waitFor();
  return { accessKey: await page.getByLabel('Access key').inputValue(), baseUrl: await page.getByLabel('Base URL').inputValue() };
}

export async function pay(page: Page, card = '4242424242424242'): Promise<void> {
  await page.getByLabel('Card number').fill(card);
  await page.getByLabel('Expiry').fill('12/34');
  await page.getByLabel('CVC').fill('123');
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
}

/** Opens a Replicate account with credit in the sandbox. Returns its token. */
export async function openReplicateAccount(stack: Pick<Stack, 'replicateUrl'>, username: string, creditUsd: string): Promise<string> {
  const opened = await control<{ token: string }>(stack, 'accounts', { username, creditUsd });
  return opened.token;
}

export async function control<T>(stack: Pick<Stack, 'replicateUrl'>, path: string, body: unknown): Promise<T> {
  const answer = await fetch(`${stack.replicateUrl}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status, `${path} at the sandbox`).toBeLessThan(300);
  return (await answer.json()) as T;
}

/** The date this many days from now, as yyyy-mm-dd. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
