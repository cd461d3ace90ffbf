import type { OutputShape } from '../world/records';
import type { Model } from './definition';

/** The `openapi_schema` of a model's version: its Input and Output, where clients and price books look for them. */
export function renderOpenapiSchema(model: Model): object {
  const properties = Object.fromEntries(
    Object.entries(model.input.properties).map(([name, property], order) => [
      name,
      { title: toTitle(name), 'x-order': order, ...property },
    ]),
  );
  const required = model.input.required.length > 0 ? { required: model.input.required } : {};
  return {
    openapi: '3.0.2',
    info: { title: 'Cog', version: '0.1.0' },
    paths: {},
    components: {
      schemas: {
        Input: { title: 'Input', type: 'object', ...required, properties },
        Output: { title: 'Output', ...outputSchema(model.produce({}, 1).output) },
      },
    },
  };
}

function outputSchema(output: OutputShape): object {
  const uri = { type: 'string', format: 'uri' };
  switch (output.kind) {
    case 'files':
      return output.asList ? { type: 'array', items: uri } : uri;
    case 'text':
      return { type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator', 'x-cog-array-display': 'concatenate' };
    case 'value':
      return { type: typeof output.value === 'string' ? 'string' : 'object' };
  }
}

function toTitle(name: string): string {
  return name.replace(/_/g, ' ').replace(/^./, (first) => first.toUpperCase());
}
