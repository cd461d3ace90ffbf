import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { receiveStripeEvent } from '~/modules/payments/index.server';
import { paths } from '~/paths';
import { DomainError } from '~/platform/errors';
import type { Services } from '~/services.server';
import { bodyCap } from '~/web/middleware/body-cap';

const LARGEST_BODY = 256 * 1024;

/**
 * Stripe's webhook. The body stays raw, since the signature covers its bytes. The event is stored and acknowledged; a job processes it.
 * No cookie is read.
 */
export function mountStripeWebhook(app: Express, services: Services): void {
  const readBody = express.raw({ type: () => true, limit: LARGEST_BODY, inflate: false });
  app.post(
    paths.webhooks.stripe(),
    bodyCap(LARGEST_BODY),
    readBody,
    (request: Request, response: Response) => void receive(services, request, response),
    refuseBody,
  );
}

async function receive(services: Services, request: Request, response: Response): Promise<void> {
  const ctx = services.ctxFor({ kind: 'system', name: 'stripe webhook' });
  const body: unknown = request.body;
  try {
    await receiveStripeEvent(ctx, Buffer.isBuffer(body) ? body : Buffer.alloc(0), request.get('stripe-signature'));
    response.status(200).json({ received: true });
  } catch (error) {
    if (error instanceof DomainError) {
      response.status(error.status).json({ code: error.code, message: error.message });
      return;
    }
    ctx.log.error({ err: error }, 'an event of Stripe was not stored');
    response.status(500).json({ code: 'internal', message: 'Not stored. Send it again.' });
  }
}

/** Refuses a too large or compressed body before its signature is checked. */
function refuseBody(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || status >= 500) {
    next(error);
    return;
  }
  response
    .status(status)
    .json({ code: status === 413 ? 'too_large' : 'bad_body', message: status === 413 ? 'At most 256 kB.' : 'The body could not be read.' });
}
