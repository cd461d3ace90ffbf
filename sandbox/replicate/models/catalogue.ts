import { makeVersionId } from '../world/ids';
import { audioModels } from './audio-models';
import type { Model, ModelDefinition } from './definition';
import { imageModels } from './image-models';
import { textModels } from './text-models';
import { definePrivateModel, timedModels, unpricedModel } from './timed-models';
import { videoModels } from './video-models';

/** The models an account can see: all public ones and, for the sandbox's first account, one private model. */
export class Catalogue {
  readonly #byName = new Map<string, Model>();
  readonly #byVersion = new Map<string, Model>();

  constructor() {
    for (const definition of [...imageModels, ...videoModels, ...audioModels, ...textModels, ...timedModels, unpricedModel]) {
      this.#add(definition, 'public');
    }
  }

  /** Gives an account the sandbox's private model. */
  addPrivateModel(username: string): void {
    this.#add(definePrivateModel(username), 'private');
  }

  publicModels(): Model[] {
    return [...this.#byName.values()].filter((model) => model.visibility === 'public');
  }

  /** The model of that name, if the account may see it. */
  named(name: string, username: string): Model | undefined {
    return visibleTo(username, this.#byName.get(name));
  }

  /** The model of that version id, if the account may see it. */
  ofVersion(version: string, username: string): Model | undefined {
    return visibleTo(username, this.#byVersion.get(version));
  }

  #add(definition: ModelDefinition, visibility: Model['visibility']): void {
    const model: Model = { ...definition, visibility, version: makeVersionId(definition.name) };
    this.#byName.set(model.name, model);
    this.#byVersion.set(model.version, model);
  }
}

function visibleTo(username: string, model: Model | undefined): Model | undefined {
  if (!model || model.visibility === 'public') return model;
  return model.name.startsWith(`${username}/`) ? model : undefined;
}
