import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { endSignIn } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';

/** A link to sign out would let any page of another site do it: only a form does. */
export function loader() {
  return redirect(paths.home());
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requestCtx(args);
  return redirect(paths.home(), { headers: { 'Set-Cookie': await endSignIn(ctx, args.request.headers.get('Cookie')) } });
}
