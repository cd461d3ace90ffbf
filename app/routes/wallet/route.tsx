import { data, type ActionFunctionArgs, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { DailySpendChart, OpenCheckouts } from '~/components';
import { DoneMessage, EmptyState, LinkButton, Note, PageHead, Section, Stat, Stats, Time } from '~/components/ui';
import { errorPage, orPage, withoutEmptyFields } from '~/pages/forms.server';
import { ensureAccessKey, revealAccessKey } from '~/modules/metering/index.server';
import { paths } from '~/paths';
import { notFound } from '~/platform/errors';
import { formatDate } from '~/platform/dates';
import { centsToNano, formatCents, formatNano, nanoToCents, partsInCents } from '~/platform/money';
import { findOpenCheckouts } from '~/queries/buying/open-checkouts.server';
import { findWallet, type Wallet, type WalletKey } from '~/queries/buying/wallet.server';
import { readRunFilters } from '~/queries/buying/run-filters';
import { findWalletRuns } from '~/queries/buying/wallet-runs.server';
import { requireUserCtx, type UserCtx } from '~/pages/request-context.server';
import { actOnWallet } from './actions.server';
import { FrozenNotes } from './frozen';
import { Grants } from './grants';
import { ConfirmRevoke, Keys } from './keys';
import { Models, Runs } from './runs';
import { useFreshRuns } from './use-fresh-runs';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Wallet${page ? `: ${formatCents(page.leftCents)} left` : ''} · Credit Mart` },
];
export const headers: HeadersFunction = () => ({ 'Cache-Control': 'no-store' });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireUserCtx(args);
  const query = new URL(args.request.url).searchParams;
  withoutEmptyFields(args.request);
  const { filters, errors, typed } = readRunFilters(query);
  const before = await findWallet(ctx);
  const mints = before.open.length > 0 && before.keys.length === 0;
  if (mints) await orPage(ensureAccessKey(ctx));
  const wallet = mints ? await findWallet(ctx) : before;
  const page = {
    ...wallet,
    ...(await findWalletRuns(ctx, query.get('before'), filters)),
    runFilters: { typed, errors },
    openCheckouts: await findOpenCheckouts(ctx),
    shown: await shownKeys(ctx, wallet.keys),
    revoking: keyNamed(wallet.keys, query.get('revoke')),
    editing: keyNamed(wallet.keys, query.get('edit')),
    done: query.get('done'),
    firstPage: query.get('before') === null,
    baseUrl: `${ctx.config.publicUrl}${paths.gatewayBase()}`,
  };
  return data(page, { status: Object.keys(errors).length > 0 ? 422 : 200 });
}

/** Keys in clear that their owner has not saved yet. */
async function shownKeys(ctx: UserCtx, keys: WalletKey[]) {
  const live = keys.filter((key) => key.revokedAt === null);
  const seen = await Promise.all(live.map((key) => orPage(revealAccessKey(ctx, key.id))));
  return seen.flatMap(({ id, name, text }) => (text === null ? [] : [{ id, name, text }]));
}

/** @throws the 404 page for a key that is not this wallet's, or is revoked. */
function keyNamed(keys: WalletKey[], id: string | null): WalletKey | null {
  if (id === null) return null;
  const key = keys.find((each) => each.id === id && each.revokedAt === null);
  if (!key) throw errorPage(notFound('key'));
  return key;
}

export async function action(args: ActionFunctionArgs) {
  return actOnWallet(await requireUserCtx(args), args.request);
}

const keyWords = {
  create: 'The key is made. Save it now: it is shown for 24 hours at most.',
  edit: 'The key is changed.',
  saved: 'The key is no longer shown. It keeps working.',
  revoke: 'The key is revoked. Nothing can be run with it any more.',
};

export default function WalletPage() {
  const page = useLoaderData<typeof loader>();
  useFreshRuns(page.underWay, useActionData<typeof action>() !== undefined);
  if (page.revoking) return <ConfirmRevoke accessKey={page.revoking} />;
  const empty = page.open.length + page.frozen.length + page.ended.length === 0;
  return (
    <>
      <PageHead title={`${formatCents(page.leftCents)} left to burn`} lead={leadText(page)}>
        {!empty && <Figures page={page} />}
        <OpenCheckouts rows={page.openCheckouts} />
        <FrozenNotes grants={page.frozen} />
        <WindowNote page={page} />
        <p className="actions">
          <LinkButton size="small" to={paths.transactions()}>
            Purchases
          </LinkButton>
          <LinkButton size="small" to={paths.offers()}>
            Offers you made
          </LinkButton>
        </p>
      </PageHead>
      {empty && (
        <EmptyState title="Your wallet is empty" as="h2" action={<LinkButton to={paths.listings()}>Browse lots</LinkButton>}>
          Buy credit from any lot: the key that burns it appears here.
        </EmptyState>
      )}
      {!empty && (
        <>
          <Section title="Burn" margin="Face value by day, UTC.">
            <DailySpendChart days={page.days} paceNano={page.paceNano} />
          </Section>
          <Grants open={page.open} frozen={page.frozen} ended={page.ended} />
          <Keys keys={page.keys} shown={page.shown} editing={page.editing} baseUrl={page.baseUrl} />
          <Models models={page.models} />
          <Runs page={page} />
        </>
      )}
      <DoneMessage done={page.done} words={keyWords} />
    </>
  );
}

function leadText({ open, setAsideCents }: Pick<Wallet, 'open' | 'setAsideCents'>): string {
  const aside = setAsideCents > 0n ? ` ${formatCents(setAsideCents)} more is set aside for runs under way.` : '';
  return `In ${open.length} ${open.length === 1 ? 'grant' : 'grants'}. A wallet holds rights to lots, never money, and cannot be cashed.${aside}`;
}

function Figures({ page }: { page: Pick<Wallet, 'days' | 'paceNano' | 'nextWindow' | 'paidCents' | 'leftCents' | 'burnedCents'> }) {
  const { days, paceNano, nextWindow, paidCents, leftCents, burnedCents } = page;
  const [, ...earlier] = days.map((day) => day.burnedNano).reverse();
  const burnedBefore = earlier.some((nano) => nano > 0n);
  const today = burnedBefore
    ? (partsInCents(
        days.map((day) => day.burnedNano),
        'up',
      ).at(-1) ?? 0n)
    : burnedCents;
  const daysAtPace = paceNano > 0n ? centsToNano(leftCents) / paceNano : null;
  const lasts =
    daysAtPace === null || leftCents === 0n ? 'a day' : daysAtPace > 365n ? 'a day, lasts over a year' : `a day, lasts ${daysAtPace} days`;
  return (
    <Stats>
      <Stat label="Burned today" value={formatCents(today)} note="since 00:00 UTC" tone="burn" />
      <Stat label="Burned in 30 days" value={formatCents(burnedCents)} note="face value" />
      <Stat label="7-day pace" value={formatNano(paceNano)} note={lasts} />
      {nextWindow && (
        <Stat
          label="Next window ends"
          value={<Time at={nextWindow.endsAt} show="day" />}
          note={`${formatNano(nextWindow.availableNano)} to burn`}
          {...(nextWindow.daysLeft <= 21 && { tone: 'near' as const })}
        />
      )}
      <Stat label="Paid for open grants" value={formatCents(paidCents)} note="by card" />
    </Stats>
  );
}

/** The first window that the buyer's pace does not burn in time, in the buyer's own numbers. */
function WindowNote({ page: { atRisk, paceNano } }: { page: Pick<Wallet, 'atRisk' | 'paceNano'> }) {
  if (!atRisk) return null;
  const { endsAt, daysLeft, availableNano, unburnedNano, neededPerDayNano } = atRisk;
  return (
    <Note
      tone="near"
      title={`At ${formatNano(paceNano)} a day, ${formatNano(unburnedNano)} will be unburned on ${formatDate(new Date(endsAt))}.`}
    >
      {formatNano(availableNano)} can be burned until then, in {daysLeft} {daysLeft === 1 ? 'day' : 'days'}. What is left goes to the
      seller. Burning {formatCents(nanoToCents(neededPerDayNano, 'up'))} a day uses it all.
    </Note>
  );
}
