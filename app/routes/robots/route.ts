import type { LoaderFunctionArgs } from '@remix-run/node';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer } from '~/pages/text-answers.server';
import { paths } from '~/paths';

/** Nothing here is secret: these pages belong to accounts, or to programs, and say nothing to a search engine. */
const closed = ['/admin', '/checkout', '/wallet', '/transactions', '/offers', '/sell/', '/settings', '/gateway', '/webhooks', '/dev'];

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { publicUrl } = (await requestCtx(args)).config;
  const rules = closed.map((path) => `Disallow: ${path}`).join('\n');
  return textAnswer('text/plain', `User-agent: *\n${rules}\n\nSitemap: ${publicUrl}${paths.sitemap()}\n`);
}
