import type { QueuedJob, Sweep } from './job';
import { sendMailWork } from './send-mail';

/** Every job by name. One thin file a job beside this one; here it is only listed. */
export const queuedJobs: QueuedJob[] = [sendMailWork];

/** What comes round by itself, and how often. */
export const sweeps: Sweep[] = [];
