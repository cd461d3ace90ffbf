import { Controls, Words } from './primitives';
import { Market } from './market';
import { PageHead } from '~/components/ui';

/** One of each component in each state; for looking at, not for visitors. */
export default function Components() {
  return (
    <>
      <PageHead title="Components" lead="One of each, in every state." />
      <Controls />
      <Words />
      <Market />
    </>
  );
}
