import type { BadgeTone } from '~/components/ui';

interface RunStanding {
  state: string;
  upstreamStatus: string | null;
}

export function isOpen({ state }: RunStanding): boolean {
  return state === 'authorized' || state === 'unknown';
}

/** The word for a run's state on its buyer's pages, and the tone of its badge. */
export function runWord({ state, upstreamStatus }: RunStanding): [word: string, tone: BadgeTone] {
  if (state === 'unknown') return ['Being checked', 'near'];
  if (state === 'authorized') return ['Running', 'burn'];
  if (state === 'captured') return upstreamStatus === 'canceled' ? ['Canceled', 'neutral'] : ['Succeeded', 'neutral'];
  if (upstreamStatus === 'failed') return ['Failed, free', 'fail'];
  return upstreamStatus === 'canceled' || upstreamStatus === 'aborted' ? ['Canceled, free', 'neutral'] : ['Not run, free', 'neutral'];
}
