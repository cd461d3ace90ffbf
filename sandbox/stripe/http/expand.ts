import { findObject } from '../core/find-object';
import type { World } from '../core/world';
import { invalid } from './problem';

const DEEPEST = 4;
type Fields = Record<string, unknown>;

/** Replaces ids by the objects they name, along paths such as `payment_intent.latest_charge` or `data.refunds`. */
export function expandObject(world: World, object: object, paths: readonly string[]): object {
  return paths.reduce((expanded, path) => {
    const steps = path.split('.');
    if (steps.length > DEEPEST) throw invalid(`You cannot expand more than ${DEEPEST} levels of a property (${path}).`, 'expand');
    return expandPath(world, expanded as Fields, steps, path);
  }, object);
}

function expandPath(world: World, object: Fields, steps: readonly string[], path: string): Fields {
  const [step = '', ...rest] = steps;
  const value = object[step] ?? included(world, object, step);
  if (value === undefined) throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  return { ...object, [step]: expandValue(world, value, rest, path) };
}

function expandValue(world: World, value: unknown, rest: readonly string[], path: string): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => expandValue(world, item, rest, path));
  const target = typeof value === 'string' ? findObject(world, value) : value;
  if (target === undefined || typeof target !== 'object' || target === null) {
    throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  }
  return rest.length === 0 ? target : expandPath(world, target as Fields, rest, path);
}

/** Properties that are left out unless asked for. */
function included(world: World, object: Fields, step: string): unknown {
  const id = String(object['id']);
  if (step in object) return object[step];
  if (object['object'] === 'checkout.session' && step === 'line_items') {
    const items = world.tables.sessionPlan.get(id)?.lineItems ?? [];
    return { object: 'list', data: items.slice(0, 10), has_more: items.length > 10, url: `/v1/checkout/sessions/${id}/line_items` };
  }
  if (object['object'] === 'charge' && step === 'refunds') {
    const refunds = world.tables.refund.newestFirst().filter((refund) => refund.charge === id);
    return { object: 'list', data: refunds.slice(0, 10), has_more: refunds.length > 10, url: `/v1/charges/${id}/refunds` };
  }
  return undefined;
}
