import type { RulesInWords } from './rules';

/** Selling, step by step. */
export function selling(rules: RulesInWords) {
  return [
    {
      title: 'List',
      text: `Say how much credit, the discount (${rules.discount}), and when the credit expires. We check the token with Replicate and seal it; nobody sees it again.`,
    },
    { title: 'Review', text: 'A person looks at each listing before it goes on the market, and may ask you something first.' },
    {
      title: 'Sell',
      text: `Change the price, pause, or withdraw what is unsold at any time. The last ${rules.tailGuard} of the balance is not sold, since Replicate slows an account down near zero.`,
    },
    {
      title: 'Earn',
      text: `You earn as buyers burn, less our fee of ${rules.fee} of the price. The rest follows on each purchase’s settlement day. Earnings are booked as owed to you; this version of the market does not pay them out yet.`,
    },
    {
      title: 'Keep it there',
      text: `Leave the token valid and do not spend the credit elsewhere: what a buyer cannot burn is refunded, and you do not earn it. New sellers have at most ${rules.newSeller} on sale.`,
    },
  ];
}
