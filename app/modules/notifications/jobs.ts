import { z } from 'zod';
import { idSchema } from '~/platform/ids';
import { defineJob } from '~/platform/jobs';

/** Mails of one occasion, such as the buyer's and the seller's of a purchase. */
export const sendMailJob = defineJob('send-mail', z.object({ mailIds: z.array(idSchema('mail')).min(1) }));
