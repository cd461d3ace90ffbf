import type { LoaderFunctionArgs } from '@remix-run/node';
import { guides } from '~/content/guides.server';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer } from '~/pages/text-answers.server';
import { paths } from '~/paths';

/** What this site is and where its texts stand, for language models (llmstxt.org). */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const origin = (await requestCtx(args)).config.publicUrl;
  const list = guides.map(({ slug, title, description }) => `- [${title}](${origin}${paths.guideMarkdown(slug)}): ${description}`);
  return textAnswer(
    'text/plain',
    `# Credit Mart

> A marketplace for surplus prepaid Replicate credit. Buyers pay by card below face value and use it through a gateway that speaks Replicate's HTTP API. Their money is held until burned.

## Docs

- [The gateway](${origin}${paths.gatewayDocsMarkdown()}): base URL, examples for each client, endpoints, errors, models and prices
- [Lots on sale](${origin}${paths.api.listings()}): JSON, public

## Guides

${list.join('\n')}

## Optional

- [How it works](${origin}${paths.howItWorks()})
- [Terms](${origin}${paths.terms()})
`,
  );
}
