import { redirect, type AppLoadContext } from '@remix-run/node';
import { requireAdmin, requireVerifiedUser, type Actor, type Ctx } from '~/platform/context';
import { findKeptForm, keepForm, readSignIn, type KeptFields } from '~/modules/accounts/index.server';
import { throwAsResponse } from '~/pages/forms.server';
import { paths } from '~/paths';
import { DomainError } from '~/platform/errors';
import type { UserId } from '~/platform/ids';

export interface RequestArgs {
  request: Request;
  context: AppLoadContext;
}

export type UserActor = Extract<Actor, { kind: 'user' }>;
/** A context of someone signed in. */
export type UserCtx = Ctx & { actor: UserActor; userId: UserId };

/** One request runs several loaders; this caches the context, so that the cookie is looked up once. */
const known = new WeakMap<AppLoadContext, Promise<Ctx>>();

/** The context of a request: the signed-in user, time, database, and a log with the request's id. */
export function requestCtx({ request, context }: RequestArgs): Promise<Ctx> {
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

/** Requires a signed-in user. A visitor is redirected to sign in and comes back to this page. */
export async function requireUserCtx(args: RequestArgs): Promise<UserCtx> {
  const ctx = await requestCtx(args);
  if (ctx.actor.kind !== 'user') throw redirect(paths.signIn({ next: pageUrl(args.request) }));
  return { ...ctx, actor: ctx.actor, userId: ctx.actor.userId };
}

/**
 * `requireUserCtx` for actions whose form a visitor may have filled in. A visitor is redirected to sign in and finds the
 * named fields filled in afterwards (`keptFields`). Name no secret and no consent.
 */
export async function requirePosterCtx(args: RequestArgs, names: readonly string[]): Promise<UserCtx> {
  const ctx = await requestCtx(args);
  if (ctx.actor.kind !== 'user') throw redirect(paths.signIn({ next: await keepTyped(ctx, args, names) }));
  return requireUserCtx(args);
}

async function keepTyped(ctx: Ctx, { request, context }: RequestArgs, names: readonly string[]): Promise<string> {
  const page = pageUrl(request);
  const form = await request
    .clone()
    .formData()
    .catch(() => null);
  const fields = names.flatMap((name) => {
    const value = form?.get(name);
    return typeof value === 'string' && value !== '' && !value.includes('\0') ? [[name, value] as const] : [];
  });
  if (fields.length === 0) return page;
  const [path = page] = page.split('?');
  const token = await keepForm(ctx, { path, fields: Object.fromEntries(fields) }, context.clientIp).catch(notKept);
  return token === null ? page : `${path}?kept=${token}`;
}

/** Too many forms are stored for this network: the visitor continues without. */
function notKept(error: unknown): null {
  if (error instanceof DomainError) return null;
  throw error;
}

/** The fields a visitor filled in on this page before signing in; null if there are none. */
export async function keptFields(args: RequestArgs): Promise<KeptFields | null> {
  const { searchParams } = new URL(args.request.url);
  const [path = ''] = pageUrl(args.request).split('?');
  return findKeptForm(await requestCtx(args), searchParams.get('kept'), path);
}

/** Requires a verified address; otherwise 403 with what to do. */
export async function requireVerifiedCtx(args: RequestArgs): Promise<UserCtx> {
  const ctx = await requireUserCtx(args);
  orThrowPage(() => requireVerifiedUser(ctx));
  return ctx;
}

/** Requires an admin. 404 for anyone else, signed in or not. */
export async function requireAdminCtx(args: RequestArgs): Promise<UserCtx> {
  const ctx = await requestCtx(args);
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

/** Forms post to the URL of their own page, so this is the page to come back to. */
function pageUrl(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return `${pathname.replace(/\.data$/, '')}${search.replace(/[?&]_routes=[^&]*/, '')}`;
}
