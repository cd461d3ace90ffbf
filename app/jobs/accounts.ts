import { deleteExpiredSignIns, deleteStaleBrowsers, forgetKeptForms } from '~/modules/accounts/index.server';
import { sweep } from './job';

export const expiredSignIns = sweep('expired-sign-ins', 3_600, async (ctx) => {
  await deleteExpiredSignIns(ctx);
  await deleteStaleBrowsers(ctx);
  await forgetKeptForms(ctx);
});
