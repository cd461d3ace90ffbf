import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/*.ts',
  out: './migrations',
  // For `npm run db:studio` alone: migrations are written from the schema.
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
});
