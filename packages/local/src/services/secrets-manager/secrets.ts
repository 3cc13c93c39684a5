import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { SecretRecord } from './model.js';

/** The secrets of an engine, without those whose recovery window has ended. */
export class Secrets {
  readonly #secrets: Table<SecretRecord>;

  constructor(context: EngineContext) {
    this.#secrets = context.journal.table('secretsmanager/secrets');
  }

  all(): IterableIterator<SecretRecord> {
    this.#removeExpired();
    return this.#secrets.values();
  }

  named(name: string): SecretRecord | undefined {
    this.#removeExpired();
    return this.#secrets.get(name);
  }

  /**
   * Finds a secret by name, ARN, or the ARN without its random suffix.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  get(secretId: string): SecretRecord {
    const name = secretId.startsWith('arn:') ? secretId.split(':').slice(6).join(':') : secretId;
    for (const candidate of [name, name.replace(/-[A-Za-z0-9]{6}$/, '')]) {
      const secret = this.named(candidate);
      if (secret !== undefined && (candidate === name || secret.arn === secretId)) return secret;
    }
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /** @throws AwsError `ResourceNotFoundException`, or `InvalidRequestException` for a deleted one */
  living(secretId: string): SecretRecord {
    const secret = this.get(secretId);
    if (secret.deleteAfter !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    return secret;
  }

  set(secret: SecretRecord): void {
    this.#secrets.set(secret.name, secret);
  }

  delete({ name }: SecretRecord): void {
    this.#secrets.delete(name);
  }

  #removeExpired(): void {
    const now = Date.now();
    for (const secret of [...this.#secrets.values()])
      if (secret.deleteAfter !== undefined && secret.deleteAfter <= now) this.delete(secret);
  }
}
