/** What the gateway serves now. */
export const endpoints = [
  { route: 'POST /v1/predictions', note: 'version is owner/name, owner/name:version or the version’s 64 digits.' },
  { route: 'POST /v1/models/{owner}/{name}/predictions', note: 'For official models.' },
  { route: 'GET /v1/predictions/{id}', note: 'Your own predictions. Poll as often as you like.' },
  { route: 'POST /v1/predictions/{id}/cancel', note: 'Your own predictions.' },
  { route: 'GET /v1/account', note: 'Your wallet, under a pseudonym.' },
];

export const refusals = [
  { status: '401', means: 'The access key is missing, unknown or revoked.', then: 'Check the key, or create another in the wallet.' },
  {
    status: '402',
    means: 'No lot in the wallet has enough left for the most this run can cost.',
    then: 'Buy credit, ask for less (fewer outputs, fewer tokens, a smaller Cancel-After), or raise the key’s cap.',
  },
  { status: '404', means: 'Not your prediction, or a route that is not served.', then: 'Compare with the list above.' },
  {
    status: '409',
    means: 'A create with this Idempotency-Key is still under way.',
    then: 'Ask again in a moment: the answer is the same prediction.',
  },
  { status: '413', means: 'The body is too large.', then: 'Send files by URL.' },
  { status: '422', means: 'A model without a price, an input that cannot be bounded, or a webhook.', then: 'The answer names what it is.' },
  {
    status: '429',
    means: 'Too many creates at once for one key, or Replicate slows the lot down.',
    then: 'Wait as long as Retry-After says.',
  },
  {
    status: '502, 503',
    means: 'Replicate, or we, cannot answer now. Nothing ran, or we find out whether it did.',
    then: 'Try again; with an Idempotency-Key it runs once.',
  },
];
