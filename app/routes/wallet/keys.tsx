import { Form, useActionData } from '@remix-run/react';
import { createSnippet } from '~/components/client-snippets';
import {
  Badge,
  Button,
  type Column,
  ConfirmPage,
  CopyField,
  DataTable,
  ErrorSummary,
  Field,
  Link,
  LinkButton,
  MoneyField,
  Section,
  Time,
} from '~/components/ui';
import { paths } from '~/paths';
import { formatCents, formatNano, nanoToCents, nanoToInput } from '~/platform/money';
import type { WalletKey } from '~/queries/buying/wallet.server';
import type { action } from './route';

interface ShownKey {
  id: string;
  name: string;
  text: string;
}

/** The wallet's keys: those to be saved now, the list, and the form for another. */
export function Keys({
  keys,
  shown,
  editing,
  baseUrl,
}: {
  keys: WalletKey[];
  shown: ShownKey[];
  editing: WalletKey | null;
  baseUrl: string;
}) {
  const example = createSnippet('node', { baseUrl, accessKey: null }).parts;
  return (
    <Section id="keys" title="Keys" margin="A cap stops a key for the rest of the day, UTC. Every key burns the whole wallet.">
      {shown.length > 0 && (
        <div className="stack-loose">
          {shown.map((key) => (
            <UnsavedKey key={key.id} accessKey={key} />
          ))}
        </div>
      )}
      <div className="space-above-5">
        <DataTable caption="Access keys" captionHidden columns={columns} rows={keys} rowKey={(key) => key.id} />
      </div>
      <KeyForm key={editing?.id ?? `new-${keys.length}`} editing={editing} />
      <div className="space-above-5">
        <CopyField label="Base URL" value={baseUrl} hint="Python wants it without /v1." />
        <pre tabIndex={0} aria-label="Node.js example">
          <code>
            {example.before}
            <span className="added">{example.ours}</span>
            {example.after}
          </code>
        </pre>
        <p className="hint">
          <Link to={paths.gatewayDocs()}>Other clients, prices and errors</Link>
        </p>
      </div>
    </Section>
  );
}

function UnsavedKey({ accessKey }: { accessKey: ShownKey }) {
  return (
    <Form method="post" className="form">
      <CopyField
        id={`key-${accessKey.id}`}
        label={`Access key “${accessKey.name}”`}
        value={accessKey.text}
        hint="Shown until you say that you saved it, for 24 hours at most. Then we keep only its hash."
      />
      <input type="hidden" name="keyId" value={accessKey.id} />
      <div className="actions">
        <Button name="intent" value="saved">
          I saved it
        </Button>
      </div>
    </Form>
  );
}

/** Makes another key, or changes the name and the cap of one. */
function KeyForm({ editing }: { editing: WalletKey | null }) {
  const result = useActionData<typeof action>();
  const errors = result && 'error' in result ? (result.error ?? {}) : {};
  const typed = result && 'initialValue' in result ? (result.initialValue ?? {}) : {};
  const fieldText = (field: 'name' | 'cap', otherwise: string) => (typeof typed[field] === 'string' ? typed[field] : otherwise);
  return (
    <Form
      method="post"
      action={editing ? paths.wallet({ edit: editing.id }) : paths.wallet()}
      className="form space-above-5"
      id={editing ? 'edit-key' : 'new-key'}
    >
      <h3>{editing ? `Edit ${editing.name}` : 'New key'}</h3>
      <ErrorSummary
        {...(errors[''] && { errors: errors[''] })}
        fields={[
          { label: 'Name', name: 'name', ...(errors.name && { errors: errors.name }) },
          { label: 'Cap a day (USD)', name: 'cap', ...(errors.cap && { errors: errors.cap }) },
        ]}
      />
      {editing && <input type="hidden" name="keyId" value={editing.id} />}
      <div className="form-pair">
        <Field
          label="Name"
          name="name"
          maxLength={40}
          required
          defaultValue={fieldText('name', editing?.name ?? '')}
          {...(errors.name && { errors: errors.name })}
        />
        <MoneyField
          label="Cap a day (USD)"
          name="cap"
          hint="Face value. Leave empty for no cap."
          defaultValue={fieldText('cap', editing?.capNano ? nanoToInput(editing.capNano) : '')}
          {...(errors.cap && { errors: errors.cap })}
        />
      </div>
      <div className="actions">
        <Button name="intent" value={editing ? 'edit' : 'create'}>
          {editing ? 'Save' : 'Create another key'}
        </Button>
        {editing && (
          <LinkButton variant="quiet" to={`${paths.wallet()}#keys`}>
            Keep it as it is
          </LinkButton>
        )}
      </div>
    </Form>
  );
}

const columns: Column<WalletKey>[] = [
  { key: 'name', head: 'Name', rowHead: true, cell: (key) => key.name },
  { key: 'key', head: 'Key', mono: true, cell: (key) => `cmk_…${key.lastFour}` },
  { key: 'today', head: 'Today, with open runs', numeric: true, cell: (key) => formatCents(nanoToCents(key.todayNano, 'up')) },
  { key: 'cap', head: 'Cap a day', numeric: true, cell: (key) => (key.capNano === null ? 'none' : formatNano(key.capNano)) },
  { key: 'used', head: 'Last used', cell: (key) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : 'never') },
  {
    key: 'actions',
    head: 'Actions',
    headHidden: true,
    cell: (key) =>
      key.revokedAt ? (
        <Badge>Revoked</Badge>
      ) : (
        <span className="row-actions">
          <LinkButton size="small" to={`${paths.wallet({ edit: key.id })}#edit-key`} aria-label={`Edit ${key.name}`}>
            Edit
          </LinkButton>
          <LinkButton size="small" variant="danger" to={paths.wallet({ revoke: key.id })} aria-label={`Revoke ${key.name}`}>
            Revoke
          </LinkButton>
        </span>
      ),
  },
];

/** Revoking cannot be undone: it has a page of its own. */
export function ConfirmRevoke({ accessKey }: { accessKey: WalletKey }) {
  return (
    <ConfirmPage
      title={`Revoke ${accessKey.name} (…${accessKey.lastFour})?`}
      keepLabel="Keep it"
      keepTo={`${paths.wallet()}#keys`}
      confirmLabel="Revoke this key"
      name="intent"
      value="revoke"
      hidden={{ keyId: accessKey.id }}
      action={paths.wallet()}
    >
      <p>It stops at once and for ever. Runs under way end and are charged. Your credit and your other keys stay as they are.</p>
    </ConfirmPage>
  );
}
