import { paths } from '~/paths';
import type { Ctx } from '~/platform/context';
import type { PublicAddresses } from './prediction-body';

/** Our own addresses, which replace the provider's in answers. */
export function publicAddresses({ config, ports }: Ctx): PublicAddresses {
  return {
    gatewayUrl: `${config.publicUrl}${paths.gatewayBase()}`,
    walletUrl: `${config.publicUrl}${paths.wallet()}`,
    fileUrl: (url) => ports.outputAddresses.rewriteUrl(url),
  };
}
