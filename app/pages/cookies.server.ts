import { randomBytes } from 'node:crypto';
import { createCookie, type AppLoadContext } from '@remix-run/node';
import type { Client } from '~/modules/accounts/index.server';
import { Email } from '~/modules/accounts/account-rules';
import { z } from 'zod';

const DAY_S = 86_400;

/** Identifies a browser, so that a mail link opened in it can sign in, and that an account recognizes its browsers. */
const browserCookie = ({ services }: AppLoadContext) => {
  const secure = services.env.publicUrl.startsWith('https://');
  const name = secure ? '__Host-browser' : 'browser';
  return createCookie(name, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 365 * DAY_S, secure });
};
const themeCookie = createCookie('theme', { path: '/', sameSite: 'lax', maxAge: 365 * DAY_S });

/** The address that a form of this browser had mail sent to, so that the next page can name it and send again. */
const mailedToCookie = createCookie('mailed_to', { path: '/', httpOnly: true, sameSite: 'lax', maxAge: DAY_S });

export async function mailedTo(request: Request): Promise<string | null> {
  const value: unknown = await mailedToCookie.parse(request.headers.get('Cookie'));
  return Email.nullable().catch(null).parse(value);
}

export async function rememberMailedTo({ context }: { context: AppLoadContext }, email: string): Promise<string> {
  return mailedToCookie.serialize(email, { secure: context.services.env.publicUrl.startsWith('https://') });
}

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

export async function readTheme(request: Request): Promise<Theme> {
  const value: unknown = await themeCookie.parse(request.headers.get('Cookie'));
  return Theme.catch('system').parse(value);
}

export async function setTheme(theme: Theme): Promise<string> {
  return themeCookie.serialize(theme);
}

/** The sender of an account form: network address, and the browser's mark if it has one. */
export async function readClient({ request, context }: { request: Request; context: AppLoadContext }): Promise<Client> {
  const value: unknown = await browserCookie(context).parse(request.headers.get('Cookie'));
  const browser = z
    .string()
    .regex(/^[\w-]{32}$/)
    .safeParse(value);
  return { ip: context.clientIp || null, browser: browser.success ? browser.data : null };
}

/** As `readClient`, but gives the browser a mark if it has none. Set `setCookie` on the response. */
export async function ensureMarkedClient(args: { request: Request; context: AppLoadContext }): Promise<Client & { setCookie: string }> {
  const client = await readClient(args);
  const browser = client.browser ?? randomBytes(24).toString('base64url');
  return { ...client, browser, setCookie: await browserCookie(args.context).serialize(browser) };
}
