/** Sets cheap password hashing and quiet logs; only platform/env.ts reads it. */
process.env.APP_MODE = 'test';
process.env.LOG_LEVEL ??= 'silent';
