import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { keptForms } from '~db/schema';
import type { Listing } from '~/modules/listings/index.server';
import { testBrowser } from '~tests/setup/browser';
import { expectInvariants } from '~tests/setup/invariants';
import { services, stack, stackAndServices } from '~tests/setup/stack-services';
import { aUser } from '~tests/factories/users';
import { account, inDays, mailedLink, signIn } from './journeys';
import { aLotOnSale } from './shoppers';

stackAndServices();
const browser = testBrowser();
const phone = { viewport: { width: 390, height: 844 } };
const withoutScripts = { ...phone, javaScriptEnabled: false };
let lot: Listing;

beforeAll(async () => {
  lot = await aLotOnSale(stack, services);
});

const main = (page: Page) => page.getByRole('main');
const aPerson = async () => ({ name: 'Somebody', ...(await aUser(services.ctxFor({ kind: 'visitor' }))) });
const toLot = (page: Page) => page.goto(`${stack.baseUrl}/listings/${lot.id}`);
const agree = (page: Page) => page.getByLabel(/^I want to use the credit at once/).check();

async function signInHere(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await main(page).getByRole('button', { name: 'Sign in' }).click();
}

describe('a visitor’s input before signing in', () => {
  it('is bought at the price on its button, after signing up by mail', async () => {
    const person = account('Vera Lind');
    const page = await browser.open(withoutScripts);
    await toLot(page);
    await page.getByLabel('Amount (USD of credit)').fill('50');
    expect(await main(page).getByRole('button', { name: /^Buy/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show the price' }).click();
    expect(await page.getByLabel('Amount (USD of credit)').getAttribute('readonly')).not.toBeNull();
    await agree(page);
    await main(page).getByRole('button', { name: 'Buy for $25.00' }).click();
    await page.waitForURL(/\/signin/);
    await main(page).getByRole('link', { name: 'Create one' }).click();
    await page.getByLabel('Name').fill(person.name);
    await page.getByLabel('Email').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('We sent you a mail').first().waitFor();
    await page.goto(await mailedLink(stack, person.email));
    await page.waitForURL(/\/listings\//);
    expect(await page.getByLabel('Amount (USD of credit)').inputValue()).toBe('50');
    await agree(page);
    await main(page).getByRole('button', { name: 'Buy for $25.00' }).click();
    await page.getByText('$25.00').first().waitFor();
    expect(new URL(page.url()).origin).toBe(stack.stripeUrl);

    // The lot shows the reserved credit and what to do next.
    await toLot(page);
    await page.getByText('$50.00 of credit waits for your payment of $25.00.').waitFor();
    await main(page).getByRole('button', { name: 'Continue to payment' }).click();
    expect(new URL(page.url()).origin).toBe(stack.stripeUrl);
    for (const path of ['/wallet', '/transactions']) {
      await page.goto(stack.baseUrl + path);
      await main(page).getByRole('button', { name: 'Continue to payment' }).waitFor();
    }
    await main(page).getByRole('button', { name: 'Cancel it' }).click();
    await page.getByText('This checkout was canceled').waitFor();
    await toLot(page);
    expect(await page.getByText('waits for your payment').count()).toBe(0);
    await expectInvariants({ services });
  });

  it('is back in the offer form', async () => {
    const person = await aPerson();
    const page = await browser.open(withoutScripts);
    await toLot(page);
    await page.getByLabel('Credit (USD)').fill('70');
    await page.getByLabel('Discount you offer (%)').fill('61.5');
    await page.getByLabel('Message').fill('For a weekend of renders: “ok?”');
    await page.getByRole('button', { name: 'Make offer' }).click();
    await signInHere(page, person);
    await page.getByText('Your entries are back.').waitFor();
    expect(await page.getByLabel('Credit (USD)').inputValue()).toBe('70');
    expect(await page.getByLabel('Discount you offer (%)').inputValue()).toBe('61.5');
    expect(await page.getByLabel('Message').inputValue()).toBe('For a weekend of renders: “ok?”');
    await page.getByRole('button', { name: 'Make offer' }).click();
    await page.waitForURL(/\/offers/);
  });

  it('is back in the listing form, except the token, which is never stored', async () => {
    const person = await aPerson();
    const page = await browser.open(withoutScripts);
    await signIn(stack, page, { ...person, name: 'A seller' });
    await page.goto(`${stack.baseUrl}/sell/listings/new`);
    await page.context().clearCookies();
    const token = `r8_${'Secret'.repeat(6)}1`;
    await page.getByLabel('Face value (USD)').fill('640');
    await page.getByLabel('Discount (%)').fill('44');
    await page.getByLabel('Credit expires on').fill(inDays(80));
    await page.getByLabel('Minimum purchase (USD)').fill('15');
    await page.getByLabel('Replicate API token').fill(token);
    await page.getByRole('button', { name: 'Submit for review' }).click();
    await page.waitForURL(/\/signin/);
    expect(page.url()).not.toContain('r8_');
    expect(JSON.stringify(await services.db.select().from(keptForms))).not.toContain('r8_');
    await signInHere(page, person);
    await page.getByText('Your token was not kept: paste it again.').waitFor();
    expect(await page.getByLabel('Face value (USD)').inputValue()).toBe('640');
    expect(await page.getByLabel('Minimum purchase (USD)').inputValue()).toBe('15');
    expect(await page.getByLabel('Replicate API token').inputValue()).toBe('');
  });
});

describe('a payment page on the operator’s own domain', () => {
  const domain = (origin: string | null) =>
    fetch(`${stack.stripeUrl}/_sandbox/domain`, { method: 'POST', body: JSON.stringify(origin === null ? {} : { origin }) });

  it.each([
    ['without scripts', withoutScripts],
    ['with scripts', phone],
  ])('opens %s, and the browser’s back button works', async (_how, options) => {
    const own = stack.stripeUrl.replace('127.0.0.1', 'localhost');
    await domain(own);
    try {
      const page = await browser.open(options);
      await signIn(stack, page, { ...(await aPerson()), name: 'A buyer' });
      await page.goto(`${stack.baseUrl}/listings/${lot.id}?amount=20`);
      await agree(page);
      await main(page).getByRole('button', { name: 'Buy for $10.00' }).click();
      await page.waitForURL((url) => url.origin === own);
      await page.getByLabel('Card number').waitFor();
      await page.goBack();
      await page.waitForURL((url) => url.pathname === `/listings/${lot.id}`);
      await expectInvariants({ services });
    } finally {
      await domain(null);
    }
  });
});
