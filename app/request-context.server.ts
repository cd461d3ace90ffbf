import { redirect, type AppLoadContext } from '@remix-run/node';
import { requireAdmin, requireVerifiedUser, type Actor, type Ctx } from '~/platform/context';
import { readSignIn } from '~/modules/accounts/index.server';
import { throwAsResponse } from '~/forms.server';
import { paths } from '~/paths';
import type { UserId } from '~/platform/ids';

export interface RequestArgs {
  request: Request;
  context: AppLoadContext;
}

export type UserActor = Extract<Actor, { kind: 'user' }>;
/** A context of someone signed in. */
export type UserCtx = Ctx & { actor: UserActor; userId: UserId };

/** One request runs several loaders: the cookie is looked up once. */
const known = new WeakMap<AppLoadContext, Promise<Ctx>>();

/** The context of a request: who the cookie says it is, the time, the database, a log with the request's id. */
export function ctxOf({ request, context }: RequestArgs): Promise<Ctx> {
  const open = known.get(context);
  if (open) return open;
  const found = openCtx(request, context);
  known.set(context, found);
  return found;
}

async function openCtx(request: Request, { services, requestId }: AppLoadContext): Promise<Ctx> {
  const visitor = services.ctxFor({ kind: 'visitor' });
  const actor = await readSignIn(visitor, request.headers.get('Cookie'));
  return { ...visitor, actor, log: visitor.log.child({ requestId }) };
}

/** Someone signed in; a visitor is sent to sign in and comes back to this page. */
export async function requireUserCtx(args: RequestArgs): Promise<UserCtx> {
  const ctx = await ctxOf(args);
  if (ctx.actor.kind !== 'user') throw redirect(paths.signIn({ next: pageOf(args.request) }));
  return { ...ctx, actor: ctx.actor, userId: ctx.actor.userId };
}

/** Someone signed in with a verified address; otherwise 403 with what to do. */
export async function requireVerifiedCtx(args: RequestArgs): Promise<UserCtx> {
  const ctx = await requireUserCtx(args);
  orThrowPage(() => requireVerifiedUser(ctx));
  return ctx;
}

/** An admin. To anyone else the page does not exist, signed in or not. */
export async function requireAdminCtx(args: RequestArgs): Promise<UserCtx> {
  const ctx = await ctxOf(args);
  orThrowPage(() => requireAdmin(ctx));
  return requireUserCtx(args);
}

function orThrowPage(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throwAsResponse(error);
  }
}

/** The page a form stands on has the URL it posts to. */
function pageOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return `${pathname.replace(/\.data$/, '')}${search.replace(/[?&]_routes=[^&]*/, '')}`;
}
