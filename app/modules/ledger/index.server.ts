export { balanceCents } from './balances.server';
export { post } from './post-entry.server';
