import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import type { PublicAddresses } from './prediction-body';

/** Our own addresses, which stand in a buyer's answers in place of the provider's. */
export function publicAddresses({ config, ports }: Ctx): PublicAddresses {
  return {
    gatewayUrl: `${config.publicUrl}${paths.gatewayBase()}`,
    walletUrl: `${config.publicUrl}${paths.wallet()}`,
    fileUrl: (url) => ports.outputAddresses.rewriteUrl(url),
  };
}
