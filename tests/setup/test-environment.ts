/** Cheap password hashing and quiet logs; read by platform/env.ts alone. */
process.env.APP_MODE = 'test';
process.env.LOG_LEVEL ??= 'silent';
