import { breadcrumbData, structured } from '~/pages/head';
import { paths } from '~/paths';
import { lotName, type NamedLot } from '~/platform/lot-name';
import { nanoToInput, nanoToCents, priceCents, centsToNano } from '~/platform/money';

interface OfferedLot extends NamedLot {
  id: string;
  availableNano: bigint;
  discountBps: number;
  creditExpiresAt: Date;
}

/** A lot as search engines read it: what is left of it as one offer, with its price. */
export function lotData(lot: OfferedLot, { origin, onSale }: { origin: string; onSale: boolean }) {
  const name = lotName(lot);
  const url = origin + paths.listing(lot.id);
  const offer = {
    '@type': 'Offer',
    url,
    priceCurrency: 'USD',
    price: nanoToInput(centsToNano(priceCents(lot.availableNano, lot.discountBps))),
    priceValidUntil: lot.creditExpiresAt.toISOString().slice(0, 10),
    availability: 'https://schema.org/InStock',
  };
  const trail = breadcrumbData(origin, [
    { label: 'Lots', path: paths.listings() },
    { label: name, path: paths.listing(lot.id) },
  ]);
  if (!onSale) return [trail];
  const description = `$${nanoToInput(centsToNano(nanoToCents(lot.availableNano, 'down')))} of prepaid Replicate credit, sold as metered use.`;
  return [trail, structured('Product', { name, description, url, image: origin + paths.pictureOfLot(lot.id), offers: offer })];
}
