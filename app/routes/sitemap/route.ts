import type { LoaderFunctionArgs } from '@remix-run/node';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer, xml } from '~/pages/text-answers.server';
import { paths } from '~/paths';
import { findSitemapParts } from '~/queries/market/sitemap.server';

/** The map of the site: one part for pages and guides, one for each 50,000 lots on sale. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const ctx = await requestCtx(args);
  const parts = [paths.sitemapPart('pages'), ...(await findSitemapParts(ctx)).map((id) => paths.sitemapPart(id))];
  const entries = parts.map((path) => `<sitemap><loc>${xml(ctx.config.publicUrl + path)}</loc></sitemap>`);
  return textAnswer(
    'application/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</sitemapindex>\n`,
  );
}
