import { currentPrices } from '~/modules/pricing/index.server';
import { unitName, type Price, type Tier } from '~/modules/pricing/price';
import type { Ctx } from '~/platform/context';
import { formatNanoExact } from '~/platform/money';

const MILLION = 1_000_000n;

/** The price list in words: each model's tiers. */
export async function findPriceList(ctx: Ctx) {
  const prices = await currentPrices(ctx);
  return prices.map((price) => ({ model: price.model, seen: price.seen, prices: price.tiers.flatMap((tier) => tierInWords(price, tier)) }));
}

function tierInWords({ unit, hardware }: Price, { when, unitNano, outputUnitNano }: Tier): string[] {
  const condition = conditionInWords(when);
  switch (unit) {
    case 'token':
      return [
        `${formatNanoExact(unitNano * MILLION)} per million input tokens${condition}`,
        `${formatNanoExact((outputUnitNano ?? unitNano) * MILLION)} per million output tokens${condition}`,
      ];
    case 'input_character':
      return [`${formatNanoExact(unitNano * 1_000n)} per 1,000 characters${condition}`];
    case 'hardware_second':
      return [`${formatNanoExact(unitNano)} per second${hardware ? ` on ${hardware}` : ''}${condition}`];
    case 'output_image':
    case 'output_video_second':
    case 'output_audio_file':
    case 'output_audio_second':
      return [`${formatNanoExact(unitNano)} per ${unitName(unit)}${condition}`];
  }
}

/** {"with_audio": true} → ", with audio"; {"resolution_target": "720p"} → ", 720p". */
export function conditionInWords(when: Tier['when']): string {
  return Object.entries(when)
    .map(([key, value]) => {
      if (typeof value === 'string') return `, ${value}`;
      return value ? `, ${key.replaceAll('_', ' ')}` : `, ${key.replaceAll('_', ' ').replace(/^with /, 'without ')}`;
    })
    .join('');
}
