import { Form } from '@remix-run/react';
import { Button, DateField, ErrorSummary, MoneyField, Note, PercentField, Section, TextareaField } from '~/components/ui';
import { reviewReasons, type ReviewReason } from '~/modules/listings/review-reasons';
import { toDateInput } from '~/platform/dates';
import { nanoToInput } from '~/platform/money';
import type { SellerListingPage } from '~/queries/selling/sell-listing.server';
import { failedForm, type Failed } from './failed-form';

interface ReviewPartProps {
  page: SellerListingPage;
  failed: Failed | null;
}

/** Asks the seller for an answer, or for new terms after a rejection. Renders nothing otherwise. */
export function ReviewPart({ page, failed }: ReviewPartProps) {
  switch (page.listing.state) {
    case 'in_review':
      return (
        <Section title="Review">
          <Note title="An admin looks at it.">You are mailed when it is decided. Nothing is on sale before that.</Note>
        </Section>
      );
    case 'needs_info':
      return <Answer page={page} failed={failed} />;
    case 'rejected':
      return <Resubmission page={page} failed={failed} />;
    default:
      return null;
  }
}

function findLast(page: SellerListingPage, step: string) {
  return page.reviews.filter((review) => review.step === step).at(-1);
}

function Answer({ page, failed }: ReviewPartProps) {
  const { errors, field } = failedForm(failed, 'answer');
  return (
    <Section title="A question for you">
      <Note tone="near" title="Before we decide, please answer this.">
        {findLast(page, 'ask')?.note}
      </Note>
      <Form method="post" className="form space-above-5" noValidate>
        <ErrorSummary errors={errors} title="Your answer was not sent" />
        <TextareaField label="Your answer" {...field('answer')} rows={5} maxLength={2_000} required />
        <Button variant="primary" name="intent" value="answer">
          Send the answer
        </Button>
      </Form>
    </Section>
  );
}

function Resubmission({ page, failed }: ReviewPartProps) {
  const { errors, field } = failedForm(failed, 'resubmit');
  const { listing } = page;
  const rejection = findLast(page, 'reject');
  return (
    <Section title="Not approved" margin="Change it and submit again. The sealed token stays.">
      <Note tone="fail" title={reasonWord(rejection?.reasonCode)}>
        {rejection?.note}
      </Note>
      <Form method="post" className="form space-above-5" noValidate>
        <ErrorSummary errors={errors} title="It was not submitted" />
        <div className="form-pair">
          <MoneyField label="Face value (USD)" {...field('faceValue', nanoToInput(listing.faceNano))} required />
          <DateField label="Credit expires on" {...field('expiresOn', toDateInput(listing.creditExpiresAt))} required />
        </div>
        <div className="form-pair">
          <PercentField label="Discount (%)" {...field('discount', String(listing.discountBps / 100))} required />
          <MoneyField label="Minimum purchase (USD)" {...field('minimum', nanoToInput(listing.minNano))} required />
        </div>
        <Button variant="primary" name="intent" value="resubmit">
          Submit for review
        </Button>
      </Form>
    </Section>
  );
}

function reasonWord(code: string | null | undefined): string {
  return `${reviewReasons[code as ReviewReason] ?? reviewReasons.other}.`;
}
