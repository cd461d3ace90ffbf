import type { LoaderFunctionArgs } from '@remix-run/node';
import { workflowFor } from '~/content/workflows.server';
import { errorPage } from '~/pages/forms.server';
import { notFound } from '~/platform/errors';
import { requestCtx } from '~/pages/request-context.server';

/** A workflow file that a guide hands out, pointed at this market. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { name } = args.params;
  const text = workflowFor((await requestCtx(args)).config.publicUrl, name);
  if (text === null) throw errorPage(notFound('file'));
  return new Response(text, {
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Content-Disposition': `attachment; filename="${name}"` },
  });
}
