import type { LoaderFunctionArgs } from '@remix-run/node';
import { liveParts, withAddresses, type Guide, type LivePart } from '~/content/guide';
import { findGuide } from '~/content/guides.server';
import { errorPage } from '~/pages/forms.server';
import { paths } from '~/paths';
import { notFound } from '~/platform/errors';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer } from '~/pages/text-answers.server';

/** A guide as Markdown, for programs that read. Its live parts are links to the page. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { publicUrl } = (await requestCtx(args)).config;
  const guide = findGuide(args.params['slug']);
  if (!guide) throw errorPage(notFound('guide'));
  const addresses = { gateway: publicUrl + paths.gatewayBase(), market: publicUrl };
  return textAnswer('text/markdown', withAddresses(renderMarkdown(guide, publicUrl), addresses));
}

const liveInWords: Record<LivePart, string> = {
  'buy-offer': 'Credit on sale now',
  'sell-offer': 'What a lot brings now',
  'model-costs': 'What runs cost, there and here',
  'seller-estimate': 'What credit would bring',
  'model-prices': 'Models and prices',
  snippets: 'Examples for each client',
  'resale-terms': 'What Replicate’s terms say about resale',
};

function renderMarkdown({ slug, title, description, reviewed, markdown, sources }: Guide, origin: string): string {
  const page = origin + paths.guide(slug);
  const text = liveParts.reduce((all, part) => all.replaceAll(`\n::${part}\n`, `\n[${liveInWords[part]}](${page})\n`), `${markdown}\n`);
  const list = sources.map((source, at) => `${at + 1}. [${source.title}](${source.url}), checked on ${source.checked}`);
  const inner = text.replaceAll('](/', `](${origin}/`).replaceAll('](#', `](${page}#`);
  return `# ${title}\n\n${description}\n\nReviewed on ${reviewed}. ${page}\n\n${inner}\n## Sources\n\n${list.join('\n')}\n`;
}
