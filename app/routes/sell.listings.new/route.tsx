import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { getFormProps, useForm } from '@conform-to/react';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Breadcrumb, ErrorSummary, Note, PageHead } from '~/components/ui';
import { formInvalid, parseForm, submitForm } from '~/pages/forms.server';
import { previewText } from '~/modules/listings/listing-preview';
import { newListingSchema, previewSchema } from '~/modules/listings/listing-terms';
import { currentPolicy } from '~/modules/policy/index.server';
import { paths } from '~/paths';
import { addDays, toDateInput } from '~/platform/dates';
import { discountsOnSale, findNewSellerRoom } from '~/queries/selling/sell.server';
import { keptFields, requirePosterCtx, requireVerifiedCtx } from '~/pages/request-context.server';
import { submitListing } from '~/workflows/listing/submit-listing.server';
import { CreditFields, fieldLabels, type NewListingForm } from './credit-fields';
import { EarningsPreview } from './earnings-preview';
import { useTyped } from './use-typed';

export const meta: MetaFunction = () => [{ title: 'List unused credit · Credit Mart' }];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requireVerifiedCtx(args);
  const { rules } = await currentPolicy(ctx);
  return {
    kept: await keptFields(args),
    rules,
    room: await findNewSellerRoom(ctx, ctx.userId, rules),
    discounts: await discountsOnSale(ctx),
    firstDay: toDateInput(addDays(ctx.now, rules.minDaysLeft + 1)),
    lastDay: toDateInput(addDays(ctx.now, 372)),
  };
}

const hideFields = ['token'];
/** Fields restored for a seller whose sign-in had ended: without the token, a secret, and the declarations. */
const typedFields = ['faceValue', 'expiresOn', 'discount', 'minimum'];

export async function action(args: ActionFunctionArgs) {
  const ctx = await requirePosterCtx(args, typedFields);
  const { rules } = await currentPolicy(ctx);
  if (await isPreview(args.request)) {
    const submission = await parseForm(args.request, previewSchema(rules, ctx.now, await findNewSellerRoom(ctx, ctx.userId, rules)));
    return submission.status === 'success' ? data(submission.reply({ hideFields })) : formInvalid(submission, { hideFields });
  }
  return submitForm(
    args.request,
    newListingSchema(rules, ctx.now),
    async ({ token, ownsCredit: _declared, ...terms }) => {
      const listing = await submitListing(ctx, { terms, token });
      return redirect(paths.sellListing(listing.id));
    },
    { hideFields },
  );
}

/** The second button of the form recomputes the preview without JavaScript and sends no token anywhere. */
async function isPreview(request: Request): Promise<boolean> {
  const form = await request
    .clone()
    .formData()
    .catch(() => null);
  return form?.get('intent') === 'preview';
}

export default function NewListing() {
  const { kept, rules, room, discounts, firstDay, lastDay } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const busy = useNavigation().formMethod === 'POST';
  const [form, fields] = useForm<NewListingForm>({ id: 'new-listing', lastResult: lastResult ?? null, defaultValue: kept ?? {} });
  const typed = useTyped(lastResult?.initialValue ?? kept);
  const preview = previewText(typed.text.faceValue, typed.text.discount, rules);
  const summary = fieldLabels.map(([name, label]) => ({ label, field: fields[name] }));
  return (
    <>
      <PageHead
        title="List unused credit"
        lead="A person reviews it. Nothing is on sale before that."
        above={<Breadcrumb steps={[{ label: 'Sell', to: paths.sell() }, { label: 'New listing' }]} />}
      />
      <Form {...getFormProps(form)} method="post" noValidate className="split space-above-5" onInput={typed.read}>
        <div className="stack">
          {kept && !lastResult && (
            <Note role="status" title="Your entries are back.">
              Nothing was sent yet. Your token was not kept: paste it again.
            </Note>
          )}
          <ErrorSummary errors={form.errors} fields={summary} />
          <CreditFields
            fields={fields}
            rules={rules}
            room={room}
            firstDay={firstDay}
            lastDay={lastDay}
            discounts={discounts}
            preview={preview}
          />
        </div>
        <EarningsPreview text={typed.text} rules={rules} room={room} discounts={discounts} busy={busy} />
      </Form>
    </>
  );
}
