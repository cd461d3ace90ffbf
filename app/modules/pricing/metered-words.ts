import { unitName, type Metrics, type PriceUnit } from './price';
import { readQuantity } from './quantities';

const MILLION = 1_000_000n;

/** "4 images", "4,000 in, 600 out", "3.2 seconds"; null if the metrics do not say. */
export function meteredWords(unit: PriceUnit, metrics: Metrics | null): string | null {
  const quantity = metrics && readQuantity(unit, metrics);
  if (!quantity) return null;
  if (unit === 'token') return `${count(quantity.units)} in, ${count(quantity.outputUnits)} out`;
  return `${count(quantity.units)} ${unitName(unit, quantity.units === MILLION ? 1 : 2)}`;
}

function count(millionths: bigint): string {
  const whole = (millionths / MILLION).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = (millionths % MILLION).toString().padStart(6, '0').replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
