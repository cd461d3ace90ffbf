/** The id of a reference, which is an id or, when expanded, the object. Stored references are always ids. */
export const getId = (reference: string | { id: string } | null): string =>
  reference === null ? '' : typeof reference === 'string' ? reference : reference.id;
