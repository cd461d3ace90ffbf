import { parseWithZod } from '@conform-to/zod/v4';
import type { Submission, SubmissionResult } from '@conform-to/react';
import { data, redirect } from '@remix-run/node';
import { z } from 'zod';
import { DomainError } from '~/platform/errors';

export type FormSubmission<S extends z.ZodType> = Submission<z.input<S>, string[], z.output<S>>;
type AnySubmission = {
  reply(options?: { formErrors?: string[]; fieldErrors?: Record<string, string[]>; hideFields?: string[] }): SubmissionResult<string[]>;
};

/** `hideFields`: fields never sent back to the page, such as passwords and tokens. */
export interface ReplyOptions {
  hideFields?: string[];
}

/** The default message for an empty or malformed field, if the schema has none. */
const inWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'This is needed.' : 'This cannot be read.';
  if (issue.code === 'too_big') return 'This is too long.';
  return undefined;
};

/** A form with its errors, and the response's status. */
export type FormRefusal = ReturnType<typeof formInvalid>;

/** Reads a posted form by its schema. @throws Response 400 when the body is no form. */
export async function parseForm<S extends z.ZodType>(request: Request, schema: S): Promise<FormSubmission<S>> {
  return parseWithZod(await readFormData(request), { schema, error: inWords });
}

function isPlainField([name, value]: [string, FormDataEntryValue]): boolean {
  return /^\w{1,64}$/.test(name) && !(typeof value === 'string' && value.includes('\0'));
}

const MOST_FIELDS = 100;

/**
 * Reads a posted form. Refuses too many fields, field names that are no word (`a[4294967294]` would be parsed as a list of
 * that length) and null characters, which Postgres does not store. @throws Response 400 for these, and
 * when the body is no form.
 */
export async function readFormData(request: Request): Promise<FormData> {
  const form = await request.formData().catch(() => null);
  const fields = form ? [...form] : [];
  if (form && fields.length <= MOST_FIELDS && fields.every(isPlainField)) return form;
  throw errorPage(new DomainError('bad_body', 'The form could not be read. Reload the page and send it again.', 400));
}

/** 422: the form comes back as typed, with a sentence beside each wrong field. */
export function formInvalid(submission: AnySubmission, { hideFields = [] }: ReplyOptions = {}) {
  return data(submission.reply({ hideFields }), { status: 422 });
}

/**
 * Shows a command's refusal on the form: beside its field, or on top. 401 and 404 become pages of their own.
 * Other errors are thrown again.
 */
export function formFailure(submission: AnySubmission, error: unknown, { hideFields = [] }: ReplyOptions = {}) {
  if (error instanceof z.ZodError) return data(submission.reply({ hideFields, ...ofZod(error) }), { status: 422 });
  if (!(error instanceof DomainError)) throw error;
  if (error.status === 401 || error.status === 404) throw errorPage(error);
  const { field } = error.detail;
  const reply = field ? { fieldErrors: { [field]: [error.message] } } : { formErrors: [error.message] };
  return data(submission.reply({ hideFields, ...reply }), { status: error.status, headers: retryAfter(error) });
}

function ofZod(error: z.ZodError) {
  const fieldErrors: Record<string, string[]> = {};
  for (const issue of error.issues) (fieldErrors[issue.path.join('.')] ??= []).push(issue.message);
  return { fieldErrors };
}

/**
 * The whole life of a form post: parse, act, and on a refusal show the form again.
 * `act` answers with a redirect or with data of its own.
 */
export async function submitForm<S extends z.ZodType, T>(
  request: Request,
  schema: S,
  act: (value: z.output<S>) => Promise<T>,
  options: ReplyOptions = {},
) {
  const submission = await parseForm(request, schema);
  if (submission.status !== 'success') return formInvalid(submission, options);
  try {
    return await act(submission.value);
  } catch (error) {
    return formFailure(submission, error, options);
  }
}

/** A valid form that waits for confirmation: its values, and `confirming`. */
export type ConfirmingResult = SubmissionResult<string[]> & { confirming?: true };

/**
 * `submitForm` for a form whose act cannot be undone. The first post is only checked and comes back with `confirming`; the page then shows a
 * `ConfirmPage` with what was typed as hidden inputs. `confirmed=yes` acts, `confirmed=no` shows the form again as it was typed.
 */
export async function submitConfirmed<S extends z.ZodType, T>(request: Request, schema: S, act: (value: z.output<S>) => Promise<T>) {
  const form = await readFormData(request);
  const confirmed = form.get('confirmed');
  form.delete('confirmed');
  const submission: FormSubmission<S> = parseWithZod(form, { schema, error: inWords });
  if (submission.status !== 'success') return formInvalid(submission);
  if (confirmed === 'no') return data<ConfirmingResult>(submission.reply());
  if (confirmed !== 'yes') return data<ConfirmingResult>({ ...submission.reply(), confirming: true });
  try {
    return await act(submission.value);
  } catch (error) {
    return formFailure(submission, error);
  }
}

/**
 * A browser sends the empty fields of a GET form, too. Call it in the loader of a page with filters: it throws a redirect to the address
 * without them, so that what people share has one short form.
 */
export function withoutEmptyFields(request: Request): void {
  const { pathname, searchParams } = new URL(request.url);
  const filled = [...searchParams].filter(([, value]) => value !== '');
  if (filled.length === searchParams.size) return;
  const query = new URLSearchParams(filled).toString();
  throw redirect(`${pathname}${query && `?${query}`}`);
}

/** A refusal as a page: the root's error boundary shows its code and sentence. */
export function errorPage(error: DomainError): Response {
  return Response.json({ code: error.code, message: error.message }, { status: error.status, headers: retryAfter(error) });
}

function retryAfter(error: DomainError): Record<string, string> {
  const seconds = error.detail.facts?.retryAfterSeconds;
  return seconds ? { 'Retry-After': seconds } : {};
}

/** Throws a refusal as its error page, other errors unchanged. */
export function throwAsResponse(error: unknown): never {
  if (error instanceof DomainError) throw errorPage(error);
  throw error;
}

/** For loaders: a query's refusal becomes its page. */
export async function orPage<T>(promise: Promise<T>): Promise<T> {
  return promise.catch(throwAsResponse);
}
