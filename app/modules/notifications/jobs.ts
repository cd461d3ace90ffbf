import { z } from 'zod';
import { idSchema } from '~/platform/ids';
import { defineJob } from '~/platform/jobs';

export const sendMailJob = defineJob('send-mail', z.object({ mailId: idSchema('mail') }));
