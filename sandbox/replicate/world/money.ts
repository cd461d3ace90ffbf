/** One US dollar in nano-dollars, the unit of every credit amount. */
export const NANO_PER_USD = 1_000_000_000n;

const USD = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/;

/** Reads US dollars as a decimal ("12.5") into nano-USD. Throws a RangeError if the text is no such amount. */
export function usdToNano(usd: string): bigint {
  const match = USD.exec(usd);
  if (!match) throw new RangeError(`Not an amount in US dollars: ${JSON.stringify(usd)}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const nano = BigInt(whole) * NANO_PER_USD + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -nano : nano;
}

/** Writes nano-USD as US dollars with all nine digits. */
export function nanoToUsd(nano: bigint): string {
  const positive = nano < 0n ? -nano : nano;
  const fraction = (positive % NANO_PER_USD).toString().padStart(9, '0');
  return `${nano < 0n ? '-' : ''}${positive / NANO_PER_USD}.${fraction}`;
}

/** The price of a metered quantity (seconds, images, tokens), read to a millionth and rounded up to the next nano-dollar. */
export function computePrice(quantity: number, nanoPerUnit: bigint): bigint {
  const millionths = BigInt(Math.round(Math.max(0, quantity) * 1_000_000)) * nanoPerUnit;
  return (millionths + 999_999n) / 1_000_000n;
}
