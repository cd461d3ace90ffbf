/** Facts about the gateway. */
export const endpoints = [
  { route: 'POST /v1/predictions', note: 'version is owner/name, owner/name:version or the version’s 64 digits.' },
  { route: 'POST /v1/models/{owner}/{name}/predictions', note: 'For official models.' },
  { route: 'GET /v1/predictions/{id}', note: 'Your own predictions. Poll as often as you like.' },
  { route: 'POST /v1/predictions/{id}/cancel', note: 'Your own predictions.' },
  { route: 'GET /v1/models/{owner}/{name}', note: 'Models with a price. Also …/versions and …/versions/{version}.' },
  { route: 'GET /v1/account', note: 'Your wallet, under a pseudonym.' },
];

export const refusals = [
  { status: '401', means: 'The access key is missing, unknown or revoked.', then: 'Check the key, or create another in the wallet.' },
  {
    status: '402',
    means: 'No lot in the wallet has enough left for the most this run can cost.',
    then: 'Buy credit, ask for less (fewer outputs, fewer tokens, a smaller Cancel-After), or raise the key’s cap.',
  },
  { status: '404', means: 'Not your prediction, or a route that does not exist.', then: 'Compare with the list above.' },
  {
    status: '409',
    means: 'A create with this Idempotency-Key is still under way.',
    then: 'Ask again in a moment: the answer is the same prediction.',
  },
  { status: '408', means: 'The body came too slowly.', then: 'Send files by URL.' },
  { status: '413', means: 'The body is too large.', then: 'Send files by URL.' },
  {
    status: '422',
    means:
      'A model without a price, an input that cannot be bounded or has over 10,000 values, a webhook, a stream, or a key in the request.',
    then: 'The answer names what it is.',
  },
  {
    status: '429',
    means: 'Too many creates at once for one key, or Replicate slows the lot down.',
    then: 'Wait as long as Retry-After says.',
  },
  {
    status: '501',
    means: 'Replicate has this operation, and we do not serve it: files, lists, trainings, deployments.',
    then: 'The answer says what to do instead. The official client sends files inside the input by itself.',
  },
  {
    status: '502',
    means: 'A create was sent, and its answer was lost. Its bound stays set aside until we know whether it runs.',
    then: 'Send it again with the same Idempotency-Key: it runs once (409 until we know). Without one it may run twice: look at the wallet first.',
  },
  {
    status: '503',
    means: 'Replicate, or we, cannot answer now, or too many of your creates wait. Nothing ran and nothing is charged.',
    then: 'Try again as late as Retry-After says.',
  },
];
