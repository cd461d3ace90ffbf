import { paths } from '~/paths';
import { Problem } from './problems';

const MODEL = String.raw`/models/[^/]+/[^/]+`;
const DEPLOYMENT = '/deployments/[^/]+/[^/]+';

const operation = (methods: string, path: string, sentence: string) => ({
  methods: methods.split(' '),
  path: new RegExp(`^${path}$`),
  sentence,
});

/** Replicate's operations that this gateway does not serve, and what to do instead. Source: Replicate's OpenAPI document of 2026-03-16. */
const OPERATIONS = [
  operation('GET POST', '/files', 'Files are not stored here yet. Send a public https address, or a data URL inside the input.'),
  operation('GET DELETE', '/files/[^/]+(?:/download)?', 'Files are not stored here yet.'),
  operation('GET', '/predictions', 'Predictions are not listed here yet. The wallet shows your runs.'),
  operation('GET', '/predictions/[^/]+/stream', 'Streams are not relayed yet. Poll the prediction.'),
  operation('GET QUERY', '/models', 'Models are not listed here yet. The page lists those that have a price.'),
  operation('POST', '/models', 'Models cannot be made with bought credit.'),
  operation('PATCH DELETE', MODEL, 'Models cannot be changed with bought credit.'),
  operation('GET', `${MODEL}/(?:readme|examples)`, 'Read them at replicate.com.'),
  operation('DELETE', `${MODEL}/versions/[^/]+`, 'Versions cannot be removed with bought credit.'),
  operation('POST', `${MODEL}/versions/[^/]+/trainings`, 'Trainings cannot be run with bought credit.'),
  operation('GET POST', '/trainings(?:/[^/]+(?:/cancel)?)?', 'Trainings cannot be run with bought credit.'),
  operation('GET POST', '/deployments', 'Deployments cannot be run with bought credit.'),
  operation('GET PATCH DELETE', DEPLOYMENT, 'Deployments cannot be run with bought credit.'),
  operation('POST', `${DEPLOYMENT}/predictions`, 'Deployments cannot be run with bought credit.'),
  operation('GET', '/collections(?:/[^/]+)?', 'Collections are not served here yet. Read them at replicate.com.'),
  operation('GET', '/hardware', 'The list of hardware is not served here yet.'),
  operation('GET', '/search', 'The search is not served here yet. Search at replicate.com.'),
  operation('GET', '/webhooks/default/secret', 'Webhooks are not relayed yet.'),
];

/**
 * A 501 for an operation that Replicate has and we do not: on it, the official client sends files as data URLs instead. Null for
 * operations that Replicate does not have either.
 */
export function notServed(method: string | undefined, path: string, publicUrl: string): Problem | null {
  const found = OPERATIONS.find((each) => each.methods.includes(method ?? '') && each.path.test(path));
  return found ? new Problem(501, 'Not implemented', `${found.sentence} What is served: ${publicUrl}${paths.gatewayDocs()}`) : null;
}
