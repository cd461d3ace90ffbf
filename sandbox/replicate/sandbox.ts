import { createHmac } from 'node:crypto';
import { renderPrediction } from './api/render-prediction';
import { Throttle } from './api/throttle';
import { Catalogue } from './models/catalogue';
import { Behaviours } from './running/behaviours';
import { Predictions } from './running/predictions';
import type { PredictionRecord } from './world/records';
import { World } from './world/world';
import { Deliveries } from './webhooks/deliveries';

export const USUAL_PREDICTION_MS = 300;

/** Settings that controls can change; a restart resets them. */
export interface Settings {
  /** Real milliseconds that an ordinary prediction takes. */
  predictionMs: number;
  /** The same for single models. */
  predictionMsByModel: Map<string, number>;
  /** The name that answers show instead of a model's own, as after a rename. */
  shownAs: Map<string, string>;
  /** As strict as Replicate: only official models run by name alone, and their version reads `hidden`. */
  strictVersions: boolean;
  /** Resolves when creates continue; null while nothing holds them. */
  createsHeld: Promise<void> | null;
  releaseCreates: () => void;
}

export interface Outage {
  until: number;
  mode: 'error' | 'reset';
}

/** All parts of one sandbox, wired together. */
export class Sandbox {
  readonly world: World;
  readonly catalogue = new Catalogue();
  readonly behaviours = new Behaviours();
  readonly throttle = new Throttle();
  readonly predictions: Predictions;
  readonly deliveries: Deliveries;
  readonly settings: Settings = {
    predictionMs: USUAL_PREDICTION_MS,
    predictionMsByModel: new Map(),
    shownAs: new Map(),
    strictVersions: false,
    createsHeld: null,
    releaseCreates: () => {},
  };
  /** The real (monotonic) time until which every API call fails, and how. */
  outage: Outage = { until: 0, mode: 'error' };
  /** The sandbox's own URL, known once it listens. */
  baseUrl = '';

  constructor(journalPath?: string) {
    this.world = new World(journalPath);
    this.deliveries = new Deliveries(this.world, (prediction) => this.render(prediction));
    this.predictions = new Predictions(this.world, this.catalogue, (prediction, event) => this.deliveries.queue(prediction, event));
    const [first] = this.world.accounts.keys();
    if (first !== undefined) this.catalogue.addPrivateModel(first);
  }

  /** Continues where the journal ended: pending webhooks first, then running predictions. */
  resume(): void {
    this.deliveries.resumeAll();
    this.predictions.resumeAll();
  }

  /** A prediction as its owner sees it now. */
  render(prediction: PredictionRecord): object {
    const model = this.catalogue.ofVersion(prediction.version, prediction.username);
    return renderPrediction(prediction, {
      baseUrl: this.baseUrl,
      now: this.world.now(),
      model: this.settings.shownAs.get(prediction.model) ?? prediction.model,
      hideVersion: this.settings.strictVersions && model?.official === true,
      streamUrl:
        prediction.plan.output.kind === 'text' ? `${this.baseUrl}/v1/streams/${prediction.id}/${this.streamKey(prediction)}` : undefined,
    });
  }

  /** The secret part of a stream's URL: streams are read without a token. */
  streamKey({ id, username }: PredictionRecord): string {
    const secret = this.world.account(username).webhookSecret;
    return createHmac('sha256', secret).update(`stream.${id}`).digest('hex').slice(0, 32);
  }

  close(): void {
    this.predictions.close();
    this.deliveries.close();
    this.world.close();
  }
}
