import { promoteAdmin, requestReset, signUp } from '~/modules/accounts/index.server';
import { paths } from '~/paths';
import { aPerson } from '~tests/factories/market';
import { tokenMailedTo } from '~tests/factories/users';
import type { Cast } from './cast';
import type { FormRows } from './post';
import { everyone, signedIn, type Role } from './roles';

const visitor = (cast: Cast) => cast.market.services.ctxFor({ kind: 'visitor' });
const noClient = { ip: null, browser: null };

let count = 0;
const newAddress = () => `matrix${(count += 1)}-${process.pid}@example.com`;

/** Each role's own address; a visitor uses another person's. */
function pickEmail(cast: Cast, role: Role): string {
  return role === 'anonymous' ? cast.buyerTwo.email : cast.people[role].email;
}

async function aVerifyToken(cast: Cast): Promise<string> {
  const email = newAddress();
  await signUp(visitor(cast), { name: 'New', email, password: 'long enough now' }, noClient);
  return tokenMailedTo(visitor(cast), email);
}

async function aResetToken(cast: Cast): Promise<string> {
  const { email } = await aPerson(cast.market);
  await requestReset(visitor(cast), { email }, noClient);
  return tokenMailedTo(visitor(cast), email);
}

async function anInvitation(cast: Cast): Promise<string> {
  const email = newAddress();
  await promoteAdmin(cast.market.system(), { email });
  return tokenMailedTo(visitor(cast), email);
}

/** Forms of accounts: sign-in, sign-up, links, settings. */
export const accountForms: FormRows = {
  'routes/signin/route': [
    {
      what: 'sign in',
      at: () => paths.signIn(),
      body: (cast, role) => ({ email: pickEmail(cast, role), password: `password of ${pickEmail(cast, role)}` }),
      gets: { ...everyone('done'), suspended: 403 },
    },
  ],
  'routes/signup/route': [
    {
      what: 'create account',
      at: () => paths.signUp(),
      body: () => ({ name: 'New', email: newAddress(), password: 'long enough now' }),
      gets: everyone('done'),
    },
  ],
  'routes/signout/route': [
    // A visitor has no session to end; a suspended person's session ends like any other.
    { what: 'sign out', at: () => paths.signOut(), body: () => ({}), gets: { ...everyone('done'), anonymous: '/' } },
  ],
  'routes/verify/route': [
    { what: 'a link', at: () => paths.verify(), body: async (cast) => ({ token: await aVerifyToken(cast) }), gets: everyone('done') },
    {
      what: 'an invitation',
      at: () => paths.verify({ invitation: 1 }),
      body: async (cast) => ({ token: await anInvitation(cast), name: 'Ops', password: 'long enough now' }),
      gets: everyone('done'),
    },
    {
      what: 'send the link again',
      at: () => paths.verify({ resend: 1 }),
      body: () => ({ email: newAddress() }),
      gets: everyone('done'),
    },
    { what: 'a link that is none', at: () => paths.verify(), body: () => ({ token: 'a'.repeat(43) }), gets: everyone(410) },
  ],
  'routes/reset/route': [
    {
      what: 'ask for a link',
      at: () => paths.reset(),
      body: async (cast) => ({ email: (await aPerson(cast.market)).email }),
      gets: everyone('done'),
    },
    {
      what: 'a link',
      at: () => paths.reset({ token: 1 }),
      body: async (cast) => ({ token: await aResetToken(cast), password: 'another long one' }),
      gets: everyone('done'),
    },
  ],
  'routes/theme/route': [
    { what: 'dark', at: () => paths.theme(), body: () => ({ theme: 'dark', returnTo: '/' }), gets: everyone('done'), keeps: true },
  ],
  'routes/settings/route': [
    {
      what: 'names',
      at: () => paths.settings(),
      body: (_cast, role) => ({ name: `${role} renamed`, publicName: `${role} renamed` }),
      gets: signedIn('done'),
    },
    { what: 'end all sessions', at: () => paths.settings({ end: 1 }), body: () => ({}), gets: signedIn('done') },
  ],
};
