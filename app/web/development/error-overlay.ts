import type { ErrorPayload } from 'vite';

type Payload = ErrorPayload['err'];

/** What Vite's overlay shows of an error. */
export function toPayload(error: Error & { plugin?: string; id?: string; loc?: Payload['loc']; frame?: string }): Payload {
  const { message, stack = '', plugin, id, loc, frame } = error;
  return { message, stack, ...(plugin && { plugin }), ...(id && { id }), ...(loc && { loc }), ...(frame && { frame }) };
}

/** The statement of a module script that opens Vite's overlay. */
export function overlayScript(error: Payload): string {
  const json = JSON.stringify(error).replace(/</g, '\\u003c');
  return `const { ErrorOverlay } = await import('/@vite/client');\ndocument.body.appendChild(new ErrorOverlay(${json}));`;
}

/** Errors of loaders, actions and rendering, until the page of the same request is finished. */
export class ErrorsByRequest {
  readonly #errors = new Map<string, Payload>();

  note(requestId: string, error: unknown): void {
    // Answers that are not pages never take theirs.
    if (this.#errors.size > 50) this.#errors.clear();
    if (error instanceof Error) this.#errors.set(requestId, toPayload(error));
  }

  take(requestId: string): Payload | undefined {
    const error = this.#errors.get(requestId);
    this.#errors.delete(requestId);
    return error;
  }
}
