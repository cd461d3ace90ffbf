import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { setTheme, Theme } from '~/pages/cookies.server';
import { readFormData } from '~/pages/forms.server';
import { ownPath } from '~/modules/accounts/account-words';
import { paths } from '~/paths';

export function loader() {
  return redirect(paths.home());
}

/** Light, dark or the system's theme. A cookie holds it, so that the server renders it and nothing flashes. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await readFormData(request);
  const theme = Theme.catch('system').parse(form.get('theme'));
  return redirect(pageUrl(request, form.get('returnTo')), { headers: { 'Set-Cookie': await setTheme(theme) } });
}

/** The URL of the page that held the form, with its filters, from the Referer header if there is one. */
function pageUrl(request: Request, returnTo: FormDataEntryValue | null): string {
  const path = ownPath(typeof returnTo === 'string' ? returnTo : null, paths.home());
  const referrer = request.headers.get('Referer') ?? '';
  const from = URL.canParse(referrer) ? new URL(referrer) : null;
  return from?.pathname === path ? ownPath(`${path}${from.search}`, path) : path;
}
