import type { Page } from 'playwright-core';
import Replicate from 'replicate';
import { describe, expect, it } from 'vitest';
import { grants, refunds, runs } from '~db/schema';
import { promoteAdmin } from '~/modules/accounts/index.server';
import { usdNano } from '~/platform/money';
import { testBrowser } from '~tests/setup/browser';
import { expectInvariants } from '~tests/setup/invariants';
import { services, stack, stackAndServices } from '~tests/setup/stack-services';
import { expectAccessible, listFindings, looks } from './accessibility';
import { account, approve, buy, control, inDays, listCredit, openReplicateAccount, signIn, signUp } from './journeys';

stackAndServices();
const browser = testBrowser();
const seller = account('Oru Pictures');
const admin = account('Ada Moreau');
const buyer = account('Ines Albrecht');
let listingPath = '';
let bought: { accessKey: string; baseUrl: string };
let sellerToken = '';

const wide = { viewport: { width: 1440, height: 1000 } };

describe('from a seller’s unused credit to a buyer’s run', () => {
  it('a seller signs up, opens the mailed link and lists credit', async () => {
    const page = await browser.open(wide);
    await page.goto(`${stack.baseUrl}/signup`);
    await expectAccessible(page);
    await signUp(stack, page, seller);
    sellerToken = await openReplicateAccount(stack, 'oru-pictures', '500.00');
    await page.goto(`${stack.baseUrl}/sell/listings/new`);
    await expectAccessible(page);
    await listCredit(stack, page, { faceUsd: '500', discount: '55', expiresOn: inDays(90), minimumUsd: '10', token: sellerToken });
    await page.goto(`${stack.baseUrl}/sell`);
    await page.getByText('In review').first().waitFor();
    await expectAccessible(page);
    expect(await page.content()).not.toContain(sellerToken);
  });

  it('an admin finds it in the queue and approves it', async () => {
    const page = await browser.open(wide);
    await signUp(stack, page, admin);
    await promoteAdmin(services.ctxFor({ kind: 'system', name: 'test' }), { email: admin.email });
    await signIn(stack, await browser.open(wide), admin);
    await page.goto(`${stack.baseUrl}/admin`);
    await expectAccessible(page);
    await page.getByRole('main').getByRole('link', { name: '$500.00' }).first().click();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await expectAccessible(page);
    await approve(stack, page, '$500.00');
  });

  it('a buyer finds it, pays by card and gets an access key', async () => {
    const page = await browser.open(wide);
    await page.goto(stack.baseUrl);
    await expectAccessible(page);
    await signUp(stack, page, buyer);
    await page.goto(`${stack.baseUrl}/listings`);
    await expectAccessible(page);
    await page.getByRole('main').getByRole('link', { name: '45.0¢' }).first().click();
    await page.getByLabel('Amount (USD of credit)').waitFor();
    await expectAccessible(page);
    listingPath = new URL(page.url()).pathname;
    bought = await buy(stack, page, listingPath, '100');
    expect(bought.baseUrl).toBe(stack.gatewayUrl);
    expect(bought.accessKey).toMatch(/^cmk_/);
    await expectAccessible(page);
  });

  it('the official client runs a model with only two settings changed, metered to the nano-dollar', async () => {
    const client = new Replicate({ auth: bought.accessKey, baseUrl: bought.baseUrl, useFileOutput: false });
    const output = await client.run('black-forest-labs/flux-schnell', { input: { prompt: 'a ledger with a meter in it', num_outputs: 2 } });
    expect(output).toHaveLength(2);
    await expect.poll(async () => (await services.db.select().from(runs))[0]?.state, { timeout: 20_000 }).toBe('captured');
    const [grant] = await services.db.select().from(grants);
    expect(grant?.capturedNano).toBe(6_000_000n);
    expect(grant?.availableNano).toBe(usdNano(100) - 6_000_000n);
    await expectInvariants({ services });
  });

  it('the wallet shows the run and what is left', async () => {
    const page = await browser.open(wide);
    await signIn(stack, page, buyer);
    await page.goto(`${stack.baseUrl}/wallet`);
    await page.getByText('black-forest-labs/flux-schnell').first().waitFor();
    await page.getByText('$99.99').first().waitFor();
    await expectAccessible(page);
    await page.goto(`${stack.baseUrl}/transactions`);
    await expectAccessible(page);
    await page.getByRole('main').getByRole('link').first().click();
    await page.waitForURL(/transactions\/txn_/);
    await expectAccessible(page);
  });

  it('a lot with a revoked token is frozen, and the buyer takes the refund of the unburned part', async () => {
    await control(stack, 'accounts/oru-pictures/revoke', {});
    const client = new Replicate({ auth: bought.accessKey, baseUrl: bought.baseUrl, useFileOutput: false });
    await expect(client.run('black-forest-labs/flux-schnell', { input: { prompt: 'one more' } })).rejects.toThrow(/402|credit/i);
    const page = await browser.open(wide);
    await signIn(stack, page, buyer);
    await page.goto(`${stack.baseUrl}/transactions`);
    await page.getByRole('main').getByRole('link').first().click();
    await page.getByRole('link', { name: /^Refund .* now/ }).click();
    await page.getByRole('button', { name: /^Refund .* now/ }).click();
    await page.getByText('Refunded').first().waitFor();
    await expectAccessible(page);
    const [refund] = await services.db.select().from(refunds);
    await expect.poll(async () => (await services.db.select().from(refunds))[0]?.state, { timeout: 20_000 }).toBe('succeeded');
    // $100 of credit for $45.00; 0.6¢ was burned, so the seller's and our parts still round down to zero.
    expect(refund?.amountCents).toBe(4_500n);
    await expectInvariants({ services });
  });
});

describe('the accessibility check', () => {
  it.each(looks)('finds text that is too pale or too small only at $width px, $scheme', async ({ width, scheme }) => {
    const page = await browser.open(wide);
    await page.goto(`${stack.baseUrl}/signin`);
    await page.evaluate(breakOneLook, `(${width === 360 ? 'max' : 'min'}-width: 800px) and (prefers-color-scheme: ${scheme})`);
    const look = `${width} px, ${scheme}`;
    expect(await listFindings(page)).toEqual([`${look}: color-contrast: #pale`, `${look}: target-size: #one, #two`]);
    await page.context().close();
  });
});

function breakOneLook(look: string): void {
  const wrong = document.createElement('div');
  wrong.innerHTML = '<p id="pale">Too pale</p><button id="one">1</button><button id="two">2</button>';
  document.querySelector('main')?.append(wrong);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`#pale, #one, #two { display: none }
    @media ${look} {
      #pale { display: block; color: rgb(128 128 128 / 40%) }
      #one, #two { display: inline-block; width: 12px; height: 12px; min-height: 0; padding: 0; font-size: 8px; color: canvastext; background: canvas }
    }`);
  document.adoptedStyleSheets.push(sheet);
}

describe('without JavaScript', () => {
  it('a buyer can filter, see a price, and buy', async () => {
    const page = await browser.open({ ...wide, javaScriptEnabled: false });
    const listed = await openReplicateAccount(stack, 'tallwind', '300.00');
    const sellerPage = await browser.open(wide);
    await signIn(stack, sellerPage, seller);
    await listCredit(stack, sellerPage, { faceUsd: '300', discount: '50', expiresOn: inDays(60), minimumUsd: '10', token: listed });
    const adminPage = await browser.open(wide);
    await signIn(stack, adminPage, admin);
    await approve(stack, adminPage, '$300.00');

    await signIn(stack, page, buyer);
    await page.goto(`${stack.baseUrl}/wallet`);
    await page.getByRole('button', { name: 'I saved it' }).first().click();
    await page.goto(`${stack.baseUrl}/listings`);
    await page.getByLabel('Available, at least (USD)').fill('200');
    await page.getByRole('button', { name: 'Apply filters' }).click();
    await page.getByRole('main').getByRole('link', { name: '50.0¢' }).first().click();
    await page.getByLabel('Amount (USD of credit)').fill('20');
    await page.getByRole('button', { name: 'Show the price' }).click();
    await page.getByText('$10.00').first().waitFor();
    const again = await buyWithoutScript(page);
    expect(again).toContain('already works');
    await expectInvariants({ services });
  });
});

async function buyWithoutScript(page: Page): Promise<string> {
  const path = new URL(page.url()).pathname;
  await page.goto(stack.baseUrl + path);
  await page.getByLabel('Amount (USD of credit)').fill('20');
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByLabel(/^I want to use the credit at once/).check();
  await page.getByRole('main').getByRole('button', { name: 'Buy for $10.00' }).click();
  await page.getByLabel('Card number').fill('4242424242424242');
  await page.getByLabel('Expiry').fill('12/34');
  await page.getByLabel('CVC').fill('123');
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByText('Payment received').first().waitFor();
  return page.getByRole('main').innerText();
}
