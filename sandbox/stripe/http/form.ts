export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type FormTree = { [key: string]: FormValue };

type Branch = Map<string, Branch | string>;

/** Reads `a[b][0][c]=1&d[]=2` as Stripe does: brackets nest, whole numbers make a list. */
export function parseForm(encoded: string): FormTree {
  const root: Branch = new Map();
  for (const [key, value] of new URLSearchParams(encoded)) place(root, splitKey(key), value);
  return toTree(root);
}

function splitKey(key: string): string[] {
  const bracket = key.indexOf('[');
  if (bracket < 1) return [key];
  const inner = [...key.slice(bracket).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '');
  return [key.slice(0, bracket), ...inner];
}

function place(root: Branch, path: string[], value: string): void {
  let branch = root;
  for (const [depth, step] of path.entries()) {
    const name = step === '' ? String(branch.size) : step;
    if (depth === path.length - 1) {
      branch.set(name, value);
      return;
    }
    const next = branch.get(name);
    const child: Branch = next instanceof Map ? next : new Map<string, Branch | string>();
    branch.set(name, child);
    branch = child;
  }
}

function toTree(branch: Branch): FormTree {
  const tree: FormTree = Object.create(null) as FormTree;
  for (const [name, value] of branch) tree[name] = toValue(value);
  return tree;
}

function toValue(value: Branch | string): FormValue {
  if (typeof value === 'string') return value;
  const names = [...value.keys()];
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) {
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => toValue(value.get(name) ?? ''));
  }
  return toTree(value);
}

/** The same text for the same parameters, whatever their order: what an idempotency key is compared by. */
export function canonicalForm(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalForm).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalForm(value[name] ?? '')}`).join(',')}}`;
}
