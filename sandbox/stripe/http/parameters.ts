import type { FormTree, FormValue } from './form';
import { invalid, notImplemented } from './problem';

interface TextRule {
  max?: number;
}

interface NumberRule {
  min?: number;
  max?: number;
}

/** Reads one request's parameters and refuses, in Stripe's words, what is missing, malformed or unknown. */
export class Parameters {
  readonly #tree: FormTree;
  readonly #prefix: string;
  readonly #read = new Set<string>();
  readonly #groups: Parameters[] = [];

  constructor(tree: FormTree, prefix = '') {
    this.#tree = tree;
    this.#prefix = prefix;
  }

  /** The parameter's full name as Stripe reports it: `line_items[0][quantity]`. */
  nameOf(name: string): string {
    return this.#prefix === '' ? name : `${this.#prefix}[${name}]`;
  }

  has(name: string): boolean {
    return this.#tree[name] !== undefined;
  }

  isGroup(name: string): boolean {
    return typeof this.#tree[name] === 'object' && !Array.isArray(this.#tree[name]);
  }

  text(name: string, rule: TextRule = {}): string | undefined {
    const value = this.#take(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw invalid(`Invalid string: ${JSON.stringify(value)}`, this.nameOf(name));
    if (rule.max !== undefined && value.length > rule.max) {
      throw invalid(
        `Invalid string: ${value.slice(0, 20)}...; must be at most ${rule.max} characters`,
        this.nameOf(name),
        'parameter_invalid_string_too_long',
      );
    }
    return value;
  }

  requiredText(name: string, rule: TextRule = {}): string {
    return this.text(name, rule) ?? this.#demand(name);
  }

  url(name: string): string | undefined {
    const value = this.text(name, { max: 5000 });
    if (value === undefined) return undefined;
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value.replaceAll(/[{}]/g, ''))) {
      throw invalid('Not a valid URL', this.nameOf(name), 'url_invalid');
    }
    return value;
  }

  integer(name: string, rule: NumberRule = {}): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) {
      throw invalid(`Invalid integer: ${value}`, this.nameOf(name), 'parameter_invalid_integer');
    }
    if (rule.min !== undefined && number < rule.min) {
      throw invalid(`This value must be greater than or equal to ${rule.min}.`, this.nameOf(name), 'parameter_invalid_integer');
    }
    if (rule.max !== undefined && number > rule.max) {
      throw invalid(`This value must be less than or equal to ${rule.max}.`, this.nameOf(name), 'parameter_invalid_integer');
    }
    return number;
  }

  requiredInteger(name: string, rule: NumberRule = {}): number {
    return this.integer(name, rule) ?? this.#demand(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.choice(name, ['true', 'false'] as const);
    return value === undefined ? undefined : value === 'true';
  }

  choice<const T extends string>(name: string, options: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const chosen = options.find((option) => option === value);
    if (chosen === undefined) throw invalid(`Invalid ${this.nameOf(name)}: must be one of ${options.join(', ')}`, this.nameOf(name));
    return chosen;
  }

  group(name: string): Parameters | undefined {
    const value = this.#take(name);
    if (value === undefined || value === '') return undefined;
    return this.#group(this.nameOf(name), value);
  }

  groups(name: string): Parameters[] {
    return this.#items(name).map((value, index) => this.#group(`${this.nameOf(name)}[${index}]`, value));
  }

  texts(name: string): string[] {
    return this.#items(name).map((value) => {
      if (typeof value !== 'string') throw invalid(`Invalid array of strings`, this.nameOf(name));
      return value;
    });
  }

  /** Key-value pairs of the caller; an empty value removes a key, so on creation it is left out. */
  metadata(name: string): Record<string, string> {
    const value = this.#take(name);
    if (value === undefined || value === '') return {};
    if (typeof value === 'string') throw invalid('Invalid object', this.nameOf(name));
    const pairs = Object.entries(value);
    if (pairs.length > 50) throw invalid('Metadata can have up to 50 keys.', this.nameOf(name));
    return Object.fromEntries(pairs.map(([key, text]) => this.#metadataPair(name, key, text)).filter(([, text]) => text !== ''));
  }

  /** Parameters Stripe knows and this sandbox does not: said plainly instead of being ignored. */
  unsupported(...names: string[]): void {
    const name = names.find((candidate) => this.has(candidate));
    if (name !== undefined) throw notImplemented(`the parameter ${this.nameOf(name)}`);
  }

  /** Call when everything known has been read: whatever is left is unknown. */
  finish(): void {
    const unknown = Object.keys(this.#tree).find((name) => !this.#read.has(name));
    if (unknown !== undefined) {
      const name = this.nameOf(unknown);
      throw invalid(`Received unknown parameter: ${name}`, name, 'parameter_unknown');
    }
    for (const group of this.#groups) group.finish();
  }

  missing(name: string): never {
    return this.#demand(name);
  }

  #take(name: string): FormValue | undefined {
    this.#read.add(name);
    return this.#tree[name];
  }

  #items(name: string): FormValue[] {
    const value = this.#take(name);
    if (value === undefined || value === '') return [];
    if (!Array.isArray(value)) throw invalid('Invalid array', this.nameOf(name));
    return value;
  }

  #group(fullName: string, value: FormValue): Parameters {
    if (typeof value === 'string' || Array.isArray(value)) throw invalid('Invalid object', fullName);
    const group = new Parameters(value, fullName);
    this.#groups.push(group);
    return group;
  }

  #metadataPair(name: string, key: string, text: FormValue): [string, string] {
    const param = `${this.nameOf(name)}[${key}]`;
    if (typeof text !== 'string') throw invalid('Metadata values must be strings.', param);
    if (key.length > 40) throw invalid('Metadata keys can be up to 40 characters long.', param);
    if (text.length > 500) throw invalid('Metadata values can be up to 500 characters long.', param);
    return [key, text];
  }

  #demand(name: string): never {
    throw invalid(`Missing required param: ${this.nameOf(name)}.`, this.nameOf(name), 'parameter_missing');
  }
}
