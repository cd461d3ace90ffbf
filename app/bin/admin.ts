import { sayDatabase } from '~db/database-name';
import { promoteAdmin } from '~/modules/accounts/index.server';
import { readEnv } from '~/platform/env';
import { DomainError } from '~/platform/errors';
import { createServices } from '~/services.server';
import { ZodError } from 'zod';

const answers = {
  promoted: 'is an admin now.',
  already: 'is an admin already.',
  invited: 'has no verified account yet: an invitation was mailed. It works once, for 7 days.',
};

/** `npm run admin -- email`: makes a verified user an admin, or mails an invitation. */
async function main(email: string | undefined): Promise<number> {
  if (!email) {
    process.stderr.write('Say whom: npm run admin -- ines@example.com\n');
    return 1;
  }
  const env = readEnv(process.env);
  sayDatabase(env.databaseUrl);
  const services = await createServices(env);
  try {
    const outcome = await promoteAdmin(services.ctxFor({ kind: 'system', name: 'operator' }), { email });
    process.stdout.write(`${email} ${answers[outcome]}\n`);
    return 0;
  } catch (error) {
    if (error instanceof DomainError) process.stderr.write(`${error.message}\n`);
    else if (error instanceof ZodError) process.stderr.write(`${email} is not an e-mail address.\n`);
    else throw error;
    return 1;
  } finally {
    await services.close();
  }
}

process.exitCode = await main(process.argv[2]);
