import { describe, expect, it } from 'vitest';
import { publicModel, publicPage } from './models';

describe('the description of a model', () => {
  it('loses the addresses of its example', () => {
    const example = {
      id: 'x',
      output: 'https://replicate.delivery/a.png',
      urls: { get: 'https://api.replicate.com/v1/predictions/x' },
      webhook: 'w',
    };
    expect(publicModel({ name: 'a', default_example: example })).toEqual({
      name: 'a',
      default_example: { id: 'x', output: 'https://replicate.delivery/a.png' },
    });
    expect(publicModel({ name: 'a' })).toEqual({ name: 'a', default_example: null });
  });

  it('links its pages by our addresses', () => {
    const page = { next: 'https://api.replicate.com/v1/models/a/b/versions?cursor=cD0y%2BQ%3D%3D', previous: null, results: [1] };
    expect(publicPage(page, 'https://market.example/models/a/b/versions')).toEqual({
      next: 'https://market.example/models/a/b/versions?cursor=cD0y%2BQ%3D%3D',
      previous: null,
      results: [1],
    });
    for (const next of [7, '', 'https://evil.example/', 'https://evil.example/?cursor=a%0Ab', undefined])
      expect(publicPage({ next, results: [] }, 'x')).toEqual({ next: null, previous: null, results: [] });
  });
});
