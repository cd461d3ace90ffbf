/** Stripe's references are an id or, when expanded, the object; stored ones are always ids. */
export const getId = (reference: string | { id: string } | null): string =>
  reference === null ? '' : typeof reference === 'string' ? reference : reference.id;
