/** A Tuesday morning. A run starts then and ends some months later. */
export const START = new Date('2027-03-02T09:00:00.000Z');

export const SECRETS = {
  VAULT_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  STRIPE_SECRET_KEY: 'sk_test_simulator0000000000000000',
  STRIPE_WEBHOOK_SECRET: 'whsec_simulator0000000000000000',
};
