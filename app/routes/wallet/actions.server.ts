import { redirect } from '@remix-run/node';
import { z } from 'zod';
import { submitForm } from '~/pages/forms.server';
import { editAccessKey, mintAccessKey, revokeAccessKey, saveAccessKey } from '~/modules/metering/index.server';
import { paths } from '~/paths';
import { idSchema } from '~/platform/ids';
import type { UserCtx } from '~/pages/request-context.server';

const keyId = idSchema('accessKey');
const name = z.string().optional();
const cap = z.string().optional();

/** The wallet's forms. The commands enforce the rules. */
const WalletForm = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('create'), name, cap }),
  z.object({ intent: z.literal('edit'), keyId, name, cap }),
  z.object({ intent: z.literal('saved'), keyId }),
  z.object({ intent: z.literal('revoke'), keyId }),
]);

/** Creates, changes, hides or revokes a key of the signed-in buyer. Refusals appear beside their fields. */
export async function actOnWallet(ctx: UserCtx, request: Request) {
  return submitForm(request, WalletForm, async (form) => {
    switch (form.intent) {
      case 'create':
        await mintAccessKey(ctx, { name: form.name ?? '', cap: form.cap });
        break;
      case 'edit':
        await editAccessKey(ctx, { keyId: form.keyId, name: form.name ?? '', cap: form.cap });
        break;
      case 'saved':
        await saveAccessKey(ctx, form.keyId);
        break;
      case 'revoke':
        await revokeAccessKey(ctx, form.keyId);
        break;
    }
    return redirect(`${paths.wallet({ done: form.intent })}#keys`, 303);
  });
}
