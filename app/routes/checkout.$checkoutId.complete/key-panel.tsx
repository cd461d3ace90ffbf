import { Form } from '@remix-run/react';
import { Button, CopyField } from '~/components/ui';

export interface ShownKey {
  id: string;
  lastFour: string;
  /** Null once saved, or after 24 hours. */
  text: string | null;
}

/** The key in clear until its owner has saved it; afterwards only a note that it works. */
export function KeyPanel({ accessKey, baseUrl }: { accessKey: ShownKey; baseUrl: string }) {
  return (
    <>
      {accessKey.text === null ? (
        <p className="space-below-4">
          Your key <span className="mono">…{accessKey.lastFour}</span> already works.
        </p>
      ) : null}
      <div className="form-pair">
        {accessKey.text !== null && (
          <CopyField
            label="Access key"
            value={accessKey.text}
            hint="Shown until you say that you saved it, for 24 hours at most. Then we keep only its hash; another can be made in the wallet."
          />
        )}
        <CopyField label="Base URL" value={baseUrl} hint="Python wants it without /v1." />
      </div>
      <Form method="post" className="actions space-above-4">
        <input type="hidden" name="keyId" value={accessKey.id} />
        {accessKey.text === null ? (
          <Button name="intent" value="another">
            Create another key
          </Button>
        ) : (
          <Button name="intent" value="saved">
            I saved it
          </Button>
        )}
      </Form>
    </>
  );
}
