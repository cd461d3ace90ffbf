import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSignIn } from '~/modules/accounts/index.server';
import { recordAudit } from '~/modules/audit/index.server';
import { paths } from '~/paths';
import { atomic } from '~/platform/context';
import { aListing, anAdmin, aPerson, aSubmittedListing, type Person } from '~tests/factories/market';
import { testMarket } from '~tests/setup/market';
import { serveMarket, type ServedMarket } from './isolation/serve';

/** An admin's day: search, the next listing after a decision, and the audit log as a file. Without JavaScript. */
const market = testMarket();
let served: ServedMarket;
let admin: Person;
beforeAll(async () => {
  served = await serveMarket(market);
  admin = await anAdmin(market);
});
afterAll(() => served.close());

async function visit(path: string, form?: Record<string, string>, person = admin) {
  const cookie = (await startSignIn(market.system(), person.id, null)).split(';')[0] ?? '';
  const answer = await fetch(served.url + path, {
    redirect: 'manual',
    headers: { Cookie: cookie, ...(form && { Origin: market.services.env.publicUrl }) },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  return { status: answer.status, headers: answer.headers, to: answer.headers.get('Location') ?? '', text: await answer.text() };
}

it('a decision leads to the next listing, and a public lot links to its review', async () => {
  const [first, second] = [await aSubmittedListing(market), await aSubmittedListing(market)];
  const decided = await visit(paths.admin.listing(first.listing.id), { intent: 'approve' });
  const after = await visit(decided.to);
  expect(after.text).toContain('Review the next');
  expect(after.text).toContain(paths.admin.listing(second.listing.id));
  await visit(paths.admin.listing(second.listing.id), { intent: 'ask', note: 'Where is it from?' });
  const asked = await visit(paths.admin.listing(second.listing.id, { done: 'ask' }));
  expect(asked.text).toContain('Nothing else waits.');
  for (const button of ['value="take_back"', 'value="reject"']) expect(asked.text).toContain(button);
  expect((await visit(paths.listing(first.listing.id))).text).toContain(paths.admin.listing(first.listing.id));
  const stranger = await aPerson(market);
  expect((await visit(paths.listing(first.listing.id), undefined, stranger)).text).not.toContain('/admin/');
});

it('the search box on every admin page finds a lot by its seller’s name', async () => {
  const { listing } = await aListing(market, { admin, username: 'oru-pictures' });
  expect((await visit(paths.admin.ledger())).text).toContain('role="search"');
  expect((await visit(paths.admin.search({ q: 'oru-pict' }))).text).toContain(paths.admin.listing(listing.id));
});

it('the audit log can be downloaded as a CSV without spreadsheet formulas', async () => {
  const person = await aPerson(market, '=HYPERLINK("http://evil.example")');
  await atomic(person.ctx(), (tx) => recordAudit(tx, 'user.settings_changed', 'a "quoted" subject', { note: '+1' }));
  const file = await visit(paths.admin.auditCsv({ action: 'user.settings_changed' }));
  expect(file.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  expect(file.headers.get('Content-Disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
  // The file is streamed, so it has no Content-Length.
  expect(file.headers.get('Content-Length')).toBeNull();
  const [head, line, ...more] = file.text.split('\r\n');
  expect(head).toBe('Number,Time (UTC),Kind,Who,Who (id),Did what,Action,To what,Facts');
  expect(line).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(line).toContain('"a ""quoted"" subject",note: +1');
  expect(more).toEqual(['']);
});

it('the policy is shown in percent and dollars', async () => {
  const { text } = await visit(paths.admin.policy());
  expect(text).toMatch(/name="fee"[^>]*value="10"|value="10"[^>]*name="fee"/);
  expect(text).not.toContain('Basis points');
});
