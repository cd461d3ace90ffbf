import { expiredSignIns } from './accounts';
import { checkInvariantsSweep } from './check-invariants';
import type { QueuedJob, Sweep } from './job';
import { meteringSweeps } from './metering-sweeps';
import { moneySweeps } from './money-sweeps';
import { expireOffersSweep } from './offers';
import { forgetTokensSweep, retireListingsSweep } from './retire-listings';
import { rotateVaultSweep } from './rotate-vault';
import { sendMailWork } from './send-mail';
import { refundWork, stripeEventWork } from './stripe-work';

/** Every job. Each has a short file beside this one. */
export const queuedJobs: QueuedJob[] = [sendMailWork, stripeEventWork, refundWork];

/** Everything that runs on a schedule. */
export const sweeps: Sweep[] = [
  expiredSignIns,
  ...moneySweeps,
  ...meteringSweeps,
  expireOffersSweep,
  retireListingsSweep,
  forgetTokensSweep,
  rotateVaultSweep,
  checkInvariantsSweep,
];
