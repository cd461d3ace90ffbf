import type { Parameters } from './parameters';
import { invalid } from './problem';

export interface PageRequest {
  limit: number;
  startingAfter: string | undefined;
  endingBefore: string | undefined;
}

export interface CreatedRange {
  gt: number;
  gte: number;
  lt: number;
  lte: number;
}

export interface ListObject<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

export function readPage(parameters: Parameters): PageRequest {
  const page = {
    limit: parameters.integer('limit', { min: 1, max: 100 }) ?? 10,
    startingAfter: parameters.text('starting_after'),
    endingBefore: parameters.text('ending_before'),
  };
  if (page.startingAfter !== undefined && page.endingBefore !== undefined) {
    throw invalid(
      'Received both starting_after and ending_before parameters. Please pass in only one.',
      'starting_after',
      'parameters_exclusive',
    );
  }
  return page;
}

/** `created=…` or `created[gte]=…`, in Unix seconds. */
export function readCreated(parameters: Parameters): CreatedRange {
  if (parameters.isGroup('created')) {
    const range = parameters.group('created');
    return {
      gt: range?.integer('gt') ?? -Infinity,
      gte: range?.integer('gte') ?? -Infinity,
      lt: range?.integer('lt') ?? Infinity,
      lte: range?.integer('lte') ?? Infinity,
    };
  }
  const exact = parameters.integer('created');
  return { gt: -Infinity, gte: exact ?? -Infinity, lt: Infinity, lte: exact ?? Infinity };
}

export const isWithin = (range: CreatedRange, seconds: number): boolean =>
  seconds > range.gt && seconds >= range.gte && seconds < range.lt && seconds <= range.lte;

/** One page of rows that come in the list's order (newest first everywhere but in line items). */
export function listPage<T extends { id: string }>(rows: readonly T[], page: PageRequest, url: string): ListObject<T> {
  if (page.endingBefore !== undefined) {
    const end = indexOf(rows, page.endingBefore, 'ending_before');
    const start = Math.max(0, end - page.limit);
    return { object: 'list', data: rows.slice(start, end), has_more: start > 0, url };
  }
  const start = page.startingAfter === undefined ? 0 : indexOf(rows, page.startingAfter, 'starting_after') + 1;
  const data = rows.slice(start, start + page.limit);
  return { object: 'list', data, has_more: start + data.length < rows.length, url };
}

function indexOf(rows: readonly { id: string }[], id: string, param: string): number {
  const index = rows.findIndex((row) => row.id === id);
  if (index < 0) throw invalid(`No such object: '${id}'`, param, 'resource_missing');
  return index;
}
