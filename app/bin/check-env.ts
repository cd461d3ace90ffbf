import { EnvError, readEnv } from '~/platform/env';

/** Reports everything that is wrong with the configuration before a process starts. */
try {
  readEnv(process.env);
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
