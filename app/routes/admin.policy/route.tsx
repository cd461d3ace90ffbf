import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import {
  Button,
  ConfirmPage,
  DataTable,
  EmptyState,
  ErrorSummary,
  Field,
  LinkButton,
  MoneyField,
  Note,
  PageHead,
  PercentField,
  Section,
  TextareaField,
  Time,
} from '~/components/ui';
import { submitConfirmed, type ConfirmingResult } from '~/pages/forms.server';
import { currentPolicy, policyHistory, publishPolicy } from '~/modules/policy/index.server';
import { readRule, ruleUnit, showRule, type RuleName } from '~/modules/policy/rule-words';
import { paths } from '~/paths';
import { requireAdminCtx } from '~/pages/request-context.server';
import { AdminTabs } from '../admin/admin-tabs';
import { PolicyForm, ruleFields, ruleTexts } from './policy-form';

export const meta: MetaFunction = () => [{ title: 'Policy · Admin · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  const [current, history] = await Promise.all([currentPolicy(ctx), policyHistory(ctx)]);
  return { current, history, saved: new URL(args.request.url).searchParams.get('saved') };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = await requireAdminCtx(args);
  return submitConfirmed(args.request, PolicyForm, async (form) => {
    const { version } = await publishPolicy(ctx, form);
    return redirect(paths.admin.policy({ saved: version }));
  });
}

export default function Policy() {
  const { current, history, saved } = useLoaderData<typeof loader>();
  const lastResult: ConfirmingResult | undefined = useActionData<typeof action>();
  if (lastResult?.confirming) return <ConfirmVersion current={current} typed={lastResult.initialValue ?? {}} />;
  const field = (name: string, standing: string) => {
    const typed = lastResult?.initialValue?.[name];
    return { name, errors: lastResult?.error?.[name] ?? [], defaultValue: typeof typed === 'string' ? typed : standing };
  };
  const standing = ruleTexts(current.rules);
  const summary = [...ruleFields.map(({ name, label }) => ({ label, ...field(name, '') })), { label: 'Why', ...field('note', '') }];
  return (
    <>
      <PageHead
        title={`Policy, version ${current.version}`}
        lead={
          <>
            In force since <Time at={current.validFrom} />. Purchases keep the version they were made under.
          </>
        }
        above={<AdminTabs current="policy" />}
      >
        {saved !== null && !lastResult && (
          <Note role="status" className="space-above-5" title={`Version ${saved} is in force.`}>
            The footer of every page shows it.
          </Note>
        )}
      </PageHead>
      <Section title="Rules" margin="Saving makes a new version, from now on.">
        <Form method="post" className="form" noValidate key={current.version}>
          <ErrorSummary fields={summary} errors={lastResult?.error?.[''] ?? []} />
          <input type="hidden" name="basedOn" value={current.version} />
          {pairs(ruleFields).map((pair) => (
            <div className="form-pair" key={pair[0]?.name}>
              {pair.map(({ name, rule, label, hint }) => (
                <RuleField key={name} rule={rule} label={label} hint={hint} {...field(name, standing[name] ?? '')} required />
              ))}
            </div>
          ))}
          <TextareaField
            label="Why"
            {...field('note', '')}
            rows={3}
            maxLength={500}
            hint="Stands in the history and in the audit log."
            required
          />
          <Button variant="primary">Check the changes…</Button>
        </Form>
      </Section>
      <Section title="History">
        <DataTable
          caption="Versions of the rules, newest first"
          captionHidden
          rows={history}
          rowKey={(row) => String(row.version)}
          columns={[
            { key: 'version', head: 'Version', rowHead: true, numeric: true, cell: (row) => row.version },
            { key: 'since', head: 'In force since', cell: (row) => <Time at={row.validFrom} /> },
            { key: 'why', head: 'Why', cell: (row) => row.note },
          ]}
        />
      </Section>
    </>
  );
}

type Current = ReturnType<typeof useLoaderData<typeof loader>>['current'];

/** Confirms a new version before it is published: the changes, and that it applies to new purchases only. */
function ConfirmVersion({ current, typed }: { current: Current; typed: Record<string, unknown> }) {
  const text = (name: string) => (typeof typed[name] === 'string' ? typed[name].trim() : '');
  const changed = ruleFields.flatMap(({ name, rule, label }) => {
    const value = readRule(rule, text(name));
    return value === null || value === current.rules[rule] ? [] : [{ rule, label, value }];
  });
  if (changed.length === 0) {
    return (
      <EmptyState title="No rule changes" action={<LinkButton to={paths.admin.policy()}>Back to the rules</LinkButton>}>
        Every field holds the value that is in force. Nothing was published.
      </EmptyState>
    );
  }
  const names = ['basedOn', 'note', ...ruleFields.map(({ name }) => name)];
  return (
    <ConfirmPage
      title={`Publish version ${current.version + 1} of the rules?`}
      keepLabel="Change it again"
      confirmLabel={`Publish version ${current.version + 1}`}
      variant="primary"
      hidden={Object.fromEntries(names.map((name) => [name, text(name)]))}
    >
      <ul>
        {changed.map(({ rule, label, value }) => (
          <li key={rule}>
            {label}: {showRule(rule, current.rules[rule])} becomes {showRule(rule, value)}
          </li>
        ))}
      </ul>
      <p>It binds every listing, offer and purchase from then on. It cannot be taken back: what is agreed under it keeps it.</p>
    </ConfirmPage>
  );
}

/** The field shows the unit. */
function RuleField({ rule, ...props }: { rule: RuleName; label: string; hint: string; name: string; required?: boolean }) {
  const unit = ruleUnit(rule);
  if (unit === 'percent') return <PercentField {...props} />;
  return unit === 'dollars' ? <MoneyField {...props} /> : <Field {...props} inputMode="numeric" />;
}

function pairs<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, index) => list.slice(index * 2, index * 2 + 2));
}
