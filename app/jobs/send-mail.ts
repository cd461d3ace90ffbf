import { sendMail } from '~/modules/notifications/index.server';
import { sendMailJob } from '~/modules/notifications/jobs';
import { queued } from './job';

export const sendMailWork = queued(sendMailJob, sendMail);
