import { WhatItBuys } from '~/components';
import { DataTable, DefinitionList, Note, Section, Steps, Time } from '~/components/ui';
import { formatDate, formatDateTime } from '~/platform/dates';
import { centsToNano, formatCents, formatNano, formatPercent, formatPricePerUsd, priceCents } from '~/platform/money';
import type { ListingPage } from './route';
import { TrustFacts } from './trust-facts';

/** Facts a buyer needs before paying, including what happens when things go wrong. */
export function LotFacts({ page }: { page: ListingPage }) {
  const { listing, burnBy, settlementAt, minimumNano, rules, onSale } = page;
  return (
    <>
      <Section title="The lot" spacing="tight">
        <DefinitionList
          facts={[
            {
              term: 'Face value',
              value: formatNano(listing.faceNano),
              note: `${formatNano(listing.listedNano)} ${onSale ? 'for sale' : 'was listed'}; the last ${formatNano(listing.tailNano)} stays, since Replicate slows an account that runs low`,
            },
            {
              term: onSale ? 'Price' : 'Price it had',
              value: `${formatPricePerUsd(listing.discountBps)} per $1`,
              note: `${formatPercent(listing.discountBps)} below face value`,
            },
            ...(onSale
              ? [
                  {
                    term: 'Minimum purchase',
                    value: `${formatNano(minimumNano)} of credit`,
                    note: `${formatCents(priceCents(minimumNano, listing.discountBps))} to pay`,
                  },
                  {
                    term: 'Settlement day',
                    value: formatDate(settlementAt),
                    note: `If you pay today: the end of the burn window, or ${rules.maxHoldDays} days after the payment if that is earlier`,
                  },
                ]
              : []),
            { term: 'Credit expires on', value: formatDateTime(listing.creditExpiresAt), note: `${page.daysLeft} days` },
            ...(page.trust.failed
              ? []
              : [{ term: 'Burn window', value: `until ${formatDateTime(burnBy)}`, note: 'One day before the credit expires' }]),
          ]}
        />
      </Section>
      {onSale && (
        <Section title="What it buys" margin="At Replicate’s published prices. We meter each run from its metrics." spacing="tight">
          <WhatItBuys items={bargains(page)} narrow />
          <p className="hint space-above-4">For {formatCents(cashFor(page))}: solid is what it buys at Replicate.</p>
        </Section>
      )}
      <Section title="What is known" spacing="tight" margin="Each fact has its date. We have not seen documents or the balance.">
        <TrustFacts page={page} />
      </Section>
      <Section title="Who sees inputs" spacing="tight">
        <Note title="The seller can see your inputs and outputs.">
          Runs happen in its Replicate account and appear in its dashboard. Do not send personal data or secrets. For an hour after a run
          ends we keep its answer for your repeated polls, then only metrics and cost.
        </Note>
      </Section>
      {onSale && (
        <Section title="If something goes wrong" spacing="tight">
          <Steps
            steps={[
              {
                title: 'The lot fails',
                text: `The token stops working or the credit is gone. Your grant is frozen and you can take the refund at once. If the seller has not mended it within ${rules.mendHours} hours, what is unburned is refunded to your card.`,
              },
              { title: 'A run fails', text: 'Failed runs of public models are free. They burn nothing.' },
              {
                title: 'You do not burn it all',
                text: `On ${formatDate(settlementAt)} what is still held goes to the seller. The grant stays usable until ${formatDate(burnBy)}, but is no longer refunded.`,
              },
            ]}
          />
        </Section>
      )}
      {page.priceChanges.length > 0 && (
        <Section title="Price so far" spacing="tight">
          <DataTable
            caption="Changes of price"
            rows={page.priceChanges}
            rowKey={(change) => change.id}
            phone="scroll"
            columns={[
              { key: 'at', head: 'Changed', rowHead: true, cell: (change) => <Time at={change.createdAt} show="day" /> },
              { key: 'from', head: 'From', numeric: true, cell: (change) => formatPricePerUsd(change.fromBps) },
              { key: 'to', head: 'To', numeric: true, cell: (change) => formatPricePerUsd(change.toBps) },
            ]}
          />
        </Section>
      )}
    </>
  );
}

const units: Record<string, string> = {
  output_image: 'images',
  output_video_second: 'seconds of video',
  output_audio_second: 'seconds of audio',
};
const favourites = ['black-forest-labs/flux-1.1-pro', 'black-forest-labs/flux-schnell', 'google/veo-3', 'elevenlabs/music'];

const CASH_CENTS = 5_500n;

/** The amount to compare with: $55.00, or the price of the whole lot if that is less. */
function cashFor({ listing }: ListingPage): bigint {
  const all = priceCents(listing.availableNano, listing.discountBps);
  return all < CASH_CENTS ? all : CASH_CENTS;
}

/** The same cash spent here and at Replicate. Counts are rounded down, since part of an image is of no use. */
function bargains(page: ListingPage) {
  const { listing, buys } = page;
  const cashNano = centsToNano(cashFor(page));
  const credit = (cashNano * 10_000n) / BigInt(10_000 - listing.discountBps);
  const here = credit < listing.availableNano ? credit : listing.availableNano;
  return buys
    .filter(({ model }) => favourites.includes(model))
    .map(({ model, unit, unitNano }) => ({
      model,
      unit: units[unit] ?? unit,
      count: Number(here / unitNano),
      countAtProvider: Number(cashNano / unitNano),
    }));
}
