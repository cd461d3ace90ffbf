import type { Outcome } from '../http/reply';
import type { RefusalKind } from '../running/behaviours';
import * as problems from './problems';

/** The answer to a call that a behaviour refuses. */
export function refuse(kind: RefusalKind): Outcome {
  switch (kind) {
    case 'http_401':
      return problems.badToken();
    case 'http_402':
      return problems.noCredit();
    case 'http_429':
      return problems.throttled(30);
    case 'http_429_in_body':
      return problems.throttledInBody(17);
    case 'http_429_low_credit':
      return problems.throttledForLowCredit(9);
    case 'http_500':
      return problems.serverError();
    case 'drop_before':
      return 'cut';
  }
}
