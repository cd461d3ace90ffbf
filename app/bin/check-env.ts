import { EnvError, readEnv } from '~/platform/env';

/** Says everything that is wrong with the configuration before a process is started for it. */
try {
  readEnv(process.env);
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
