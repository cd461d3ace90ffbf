import type { LoaderFunctionArgs } from '@remix-run/node';
import { guides } from '~/content/guides.server';
import { errorPage } from '~/pages/forms.server';
import { indexedPages } from '~/pages/indexed';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer, xml } from '~/pages/text-answers.server';
import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import { notFound } from '~/platform/errors';
import { isId } from '~/platform/ids';
import { findSitemapLots } from '~/queries/market/sitemap.server';

interface Entry {
  path: string;
  /** The day of the last change, where it is known. */
  changed?: string;
}

/** A part of the site map. @throws 404 for a part that is none */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const ctx = await requestCtx(args);
  const entries = await entriesOf(ctx, args.params['part']);
  if (entries === null) throw errorPage(notFound('part'));
  const lines = entries.map(
    ({ path, changed }) => `<url><loc>${xml(ctx.config.publicUrl + path)}</loc>${changed ? `<lastmod>${changed}</lastmod>` : ''}</url>`,
  );
  return textAnswer(
    'application/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${lines.join('\n')}\n</urlset>\n`,
  );
}

async function entriesOf(ctx: Ctx, part: string | undefined): Promise<Entry[] | null> {
  if (part === 'pages') {
    return [
      ...indexedPages.map((path) => ({ path })),
      ...guides.map(({ slug, reviewed }) => ({ path: paths.guide(slug), changed: reviewed })),
    ];
  }
  return isId('listing', part) ? (await findSitemapLots(ctx, part)).map((id) => ({ path: paths.listing(id) })) : null;
}
