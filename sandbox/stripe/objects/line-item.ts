import type { WireLineItem } from '../core/records';
import type { World } from '../core/world';

export interface LineItemInput {
  name: string;
  currency: string;
  unitAmountCents: number;
  quantity: number;
  metadata: Record<string, string>;
}

export function newLineItem(world: World, input: LineItemInput): WireLineItem {
  const total = input.unitAmountCents * input.quantity;
  return {
    id: world.ids.next('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: input.currency,
    description: input.name,
    metadata: input.metadata,
    price: {
      id: world.ids.next('price'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created: world.clock.seconds(),
      currency: input.currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: world.ids.next('prod', 14),
      recurring: null,
      tax_behavior: 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: input.unitAmountCents,
      unit_amount_decimal: String(input.unitAmountCents),
    },
    quantity: input.quantity,
  };
}
