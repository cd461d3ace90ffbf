import type { LoaderFunctionArgs } from '@remix-run/node';
import { joinCode, snippetClients, createSnippet } from '~/components/client-snippets';
import { requestCtx } from '~/pages/request-context.server';
import { textAnswer } from '~/pages/text-answers.server';
import { paths } from '~/paths';
import { findPriceList } from '~/queries/market/price-list.server';
import { endpoints, refusals } from '../docs.gateway/facts';

/** The gateway's page as Markdown: base URL, examples, endpoints, errors, prices. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const ctx = await requestCtx(args);
  const baseUrl = ctx.config.publicUrl + paths.gatewayBase();
  const examples = snippetClients.map((client) => {
    const snippet = createSnippet(client, { baseUrl, accessKey: null });
    return `### ${snippet.name}\n\n\`\`\`\n${joinCode(snippet)}\n\`\`\``;
  });
  const prices = (await findPriceList(ctx)).map(({ model, prices: lines, seen }) => `| ${model} | ${lines.join('; ')} | ${seen} |`);
  return textAnswer(
    'text/markdown',
    `# Point your client here

The gateway speaks Replicate's HTTP API. Change the base URL and the token; the rest of your code stays as it is. The page: ${ctx.config.publicUrl}${paths.gatewayDocs()}

Base URL: \`${baseUrl}\`

## Examples

${examples.join('\n\n')}

## What it answers

${endpoints.map(({ route, note }) => `- \`${route}\`: ${note}`).join('\n')}

## Errors

${refusals.map(({ status, means, then }) => `- ${status}: ${means} ${then}`).join('\n')}

## Models and prices

| Model | Price at face value | Seen |
|---|---|---|
${prices.join('\n')}
`,
  );
}
