import ts from 'typescript';

export type Schema = Record<string, unknown>;

export interface SchemaBook {
  $defs: Record<string, Schema>;
  /** Maps a type's name, such as `Stripe.Charge`, to its schema. */
  roots: Record<string, Schema>;
}

const impossible: Schema = { not: {} };
const openString = '$open';

/**
 * Converts TypeScript types to JSON Schema with the compiler's checker: unknown properties are forbidden,
 * enums that the SDK leaves open (`'a' | OtherString`) are closed, and Stripe objects outside `objectsInScope` cannot occur.
 */
export function schemaFromTypes(entryFile: string, types: readonly string[], objectsInScope: ReadonlySet<string>): SchemaBook {
  const source = `import type Stripe from 'stripe';\n${types.map((type, i) => `export type T${i} = ${type};`).join('\n')}\n`;
  const { program, file } = compile(entryFile, source);
  const writer = new SchemaWriter(program.getTypeChecker(), objectsInScope);
  const roots: Record<string, Schema> = {};
  for (const statement of file.statements) {
    if (!ts.isTypeAliasDeclaration(statement)) continue;
    const name = types[Number(statement.name.text.slice(1))];
    if (name !== undefined) roots[name] = writer.write(program.getTypeChecker().getTypeAtLocation(statement.name));
  }
  return { $defs: writer.defs, roots };
}

function compile(entryFile: string, source: string): { program: ts.Program; file: ts.SourceFile } {
  const options: ts.CompilerOptions = {
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target, ...rest) =>
    name === entryFile ? ts.createSourceFile(name, source, target, true) : readSource(name, target, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = (name) => name === entryFile || exists(name);
  const program = ts.createProgram([entryFile], options, host);
  const file = program.getSourceFile(entryFile);
  const problems = file === undefined ? [] : program.getSemanticDiagnostics(file);
  if (file === undefined || problems.length > 0) {
    throw new Error(
      `The SDK lacks a type: ${problems.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, ' ')).join('; ')}`,
    );
  }
  return { program, file };
}

class SchemaWriter {
  readonly defs: Record<string, Schema> = {};
  readonly #ids = new Map<ts.Type, string>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly objectsInScope: ReadonlySet<string>,
  ) {}

  write(type: ts.Type): Schema {
    return this.#primitive(type) ?? this.#compound(type) ?? this.#object(type);
  }

  #primitive(type: ts.Type): Schema | undefined {
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) return impossible;
    return undefined;
  }

  #compound(type: ts.Type): Schema | undefined {
    if (type.isUnion()) return this.#union(type);
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.String)) return { type: 'string', [openString]: true };
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item === undefined ? {} : this.write(item) };
    }
    return undefined;
  }

  /** Turns literals into one enum, without `OtherString`, which keeps the SDK's enums open. */
  #union(type: ts.UnionType): Schema {
    const present = type.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined));
    if (present.every((part) => part.flags & ts.TypeFlags.BooleanLiteral) && present.length === 2) return { type: 'boolean' };
    const parts = present.map((part) => this.write(part)).filter((part) => part !== impossible);
    const literals = parts.filter((part) => 'const' in part).map((part) => part['const']);
    const others = parts.filter((part) => !('const' in part) && part[openString] !== true);
    const anyText = others.some((part) => part['type'] === 'string');
    const choices = literals.length > 0 && !anyText ? [...others, { enum: literals }] : others;
    if (choices.length === 0) return impossible;
    return choices.length === 1 ? (choices[0] ?? impossible) : { anyOf: choices };
  }

  #object(type: ts.Type): Schema {
    const name = (type.aliasSymbol ?? type.symbol)?.name ?? 'T';
    if (name === 'Decimal') return { type: 'string' };
    const known = this.#ids.get(type);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    if (this.#isOutOfScope(type)) return impossible;
    const id = `${name.replaceAll(/\W/g, '')}_${this.#ids.size}`;
    this.#ids.set(type, id);
    this.defs[id] = {};
    this.defs[id] = this.#properties(type, name);
    return { $ref: `#/$defs/${id}` };
  }

  #properties(type: ts.Type, name: string): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      const propertyType = this.checker.getTypeOfSymbol(property);
      if (propertyType.getCallSignatures().length > 0) continue;
      properties[property.name] = this.write(propertyType);
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    const anything = name === 'Object' || name === 'PreviousAttributes';
    const rest = index === undefined ? anything : this.write(index);
    return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: rest };
  }

  /** Stripe's own objects are recognized by their `object` field. */
  #isOutOfScope(type: ts.Type): boolean {
    const property = this.checker.getPropertyOfType(type, 'object');
    const named = property === undefined ? undefined : this.checker.getTypeOfSymbol(property);
    return named?.isStringLiteral() === true && !this.objectsInScope.has(named.value);
  }
}
