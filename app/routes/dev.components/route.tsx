import type { LoaderFunctionArgs } from '@remix-run/node';
import { errorPage } from '~/pages/forms.server';
import { notFound } from '~/platform/errors';
import { requestCtx } from '~/pages/request-context.server';
import { Controls, Words } from './primitives';
import { Market } from './market';
import { PageHead } from '~/components/ui';

export async function loader(args: LoaderFunctionArgs) {
  const { config } = await requestCtx(args);
  if (config.mode === 'production') throw errorPage(notFound());
  return null;
}

/** One of each component in each state; for looking at, not for visitors. */
export default function Components() {
  return (
    <>
      <PageHead title="Components" lead="One of each, in every state." />
      <Controls />
      <Words />
      <Market />
    </>
  );
}
