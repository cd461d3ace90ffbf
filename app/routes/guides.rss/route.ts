import type { LoaderFunctionArgs } from '@remix-run/node';
import { guides } from '~/content/guides.server';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer, xml } from '~/pages/text-answers.server';

/** The guides as RSS 2.0, newest first. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const origin = (await requestCtx(args)).config.publicUrl;
  const newest = [...guides].sort((a, b) => b.published.localeCompare(a.published) || a.order - b.order);
  const items = newest.map(
    ({ slug, title, description, category, published }) =>
      `<item><title>${xml(title)}</title><link>${xml(origin + paths.guide(slug))}</link><guid>${xml(origin + paths.guide(slug))}</guid>` +
      `<category>${xml(category)}</category><pubDate>${new Date(published).toUTCString()}</pubDate><description>${xml(description)}</description></item>`,
  );
  return textAnswer(
    'application/rss+xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Credit Mart: guides</title>` +
      `<link>${xml(origin + paths.guides())}</link><atom:link href="${xml(origin + paths.guidesFeed())}" rel="self" type="application/rss+xml"/>` +
      `<description>Guides to Replicate credit</description><language>en</language>\n${items.join('\n')}\n</channel></rss>\n`,
  );
}
