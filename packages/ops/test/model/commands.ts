import fc from 'fast-check';
import type { CutOff } from './cut-off.js';
import type { Subject } from './subject.js';

/** The model's own state; everything else is read from the engine. */
type Model = Record<string, never>;

/** One action on a workflow, formatted for a counterexample. */
class Step implements fc.AsyncCommand<Model, Subject> {
  readonly #what: string;
  readonly run_: (subject: Subject) => Promise<void>;

  constructor(what: string, run: (subject: Subject) => Promise<void>) {
    this.#what = what;
    this.run_ = run;
  }

  check(): boolean {
    return true;
  }

  async run(_model: Model, subject: Subject): Promise<void> {
    await this.run_(subject);
    await subject.liveIsWhole();
  }

  toString(): string {
    return this.#what;
  }
}

/** The operations with which CloudFormation changes the resources of a versioned stack, in the order of the stack. */
const updates = [
  'UpdateFunctionConfiguration',
  'PublishVersion',
  'RegisterJobDefinition',
  'CreateStateMachine',
  'PublishStateMachineVersion',
  'UpdateAlias',
] as const;

/** The operations with which it creates them. */
const creations = [
  'CreateLogGroup',
  'CreateFunction',
  'PublishVersion',
  'RegisterJobDefinition',
  'CreateStateMachine',
  'PublishStateMachineVersion',
  'CreateAlias',
  'CreateQueue',
  'SetQueueAttributes',
  'CreateEventSourceMapping',
  'PutRule',
  'PutTargets',
  'AddPermission',
  'PutFunctionEventInvokeConfig',
] as const;

/** The operations at which a first deployment fails before it is repeated and succeeds. */
export const firstFault = fc.option(fc.constantFrom(...creations), { nil: undefined });

const when = fc.constantFrom('before' as const, 'after' as const);
/** Approximate numbers of all calls and of changing calls of an operation; a cut after the last one has no effect. */
const cutWithin = (calls: number, changes: number): fc.Arbitrary<CutOff | undefined> =>
  fc.option(
    fc.oneof(
      fc.record({ among: fc.constant('calls' as const), number: fc.nat(calls), when }),
      fc.record({ among: fc.constant('changes' as const), number: fc.nat(changes), when }),
    ),
    { nil: undefined, freq: 3 },
  );
const told = (cut: CutOff | undefined): string =>
  cut === undefined ? '' : `, cut off ${cut.when} number ${cut.number} of its ${cut.among}`;

const index = fc.nat(9);
const back = fc.nat(4);

const deploy = cutWithin(25, 2).map((cut) => new Step(`deploy${told(cut)}`, (it) => it.deploy(cut ? { cut } : {})));
const failingDeploy = fc
  .constantFrom(...updates)
  .map((fault) => new Step(`deploy, failing at ${fault}`, (it) => it.deploy({ fault })));
const heldDeploy = fc
  .constantFrom('RegisterJobDefinition', 'CreateStateMachine', 'PublishStateMachineVersion')
  .map((held) => new Step(`deploy, held at ${held}`, (it) => it.deploy({ held })));
const submit = fc.constant(new Step('submit', (it) => it.submit()));
const submitUndelivered = fc.constant(new Step('submit, undelivered', (it) => it.submitUndelivered()));
const deliver = fc
  .record({ index, cut: cutWithin(4, 3) })
  .map(({ index, cut }) => new Step(`deliver ${index}${told(cut)}`, (it) => it.deliver(index, cut)));
const deliverSlowly = fc
  .record({ index, call: fc.nat(3) })
  .map(
    ({ index, call }) =>
      new Step(`deliver ${index}, slow before call ${call}`, async (it) => it.deliverSlowly(index, call)),
  );
const resume = fc.constant(new Step('resume', (it) => it.resume()));
const rollback = cutWithin(40, 1).map((cut) => new Step(`rollback${told(cut)}`, (it) => it.rollback(cut)));
const promote = fc
  .record({ back, cut: cutWithin(40, 1) })
  .map(({ back, cut }) => new Step(`promote newest-${back}${told(cut)}`, (it) => it.promote(back, cut)));
const share = fc
  .record({ back, weight: fc.constantFrom(0.1, 0.5, 0.9) })
  .map(({ back, weight }) => new Step(`share ${weight} with newest-${back}`, (it) => it.share(back, weight)));
const prune = fc
  .record({ keep: fc.integer({ min: 1, max: 2 }), cut: cutWithin(120, 8) })
  .map(({ keep, cut }) => new Step(`prune, keep ${keep}${told(cut)}`, (it) => it.prune(keep, cut)));
const pruneOverJob = fc.constant(new Step('prune over a running job', (it) => it.pruneOverJob()));
const destroy = fc
  .record({ cut: cutWithin(60, 10), fault: firstFault })
  .map(
    ({ cut, fault }) =>
      new Step(`destroy${told(cut)}${fault === undefined ? '' : `, made anew failing at ${fault}`}`, (it) =>
        it.destroy({ cut, fault }),
      ),
  );
/** Rare, because it hits every workflow in the engine. */
const kill = fc
  .nat(5)
  .map((dice) =>
    dice === 0 ? new Step('kill the engine', (it) => it.killEngine()) : new Step('nothing', async () => undefined),
  );

/** Actions that can run at the same time as another one. */
const single = fc.oneof(submit, submitUndelivered, deliver, rollback, promote, prune, deploy);
const together = fc.tuple(single, single).map(
  ([a, b]) =>
    new Step(`${a} while ${b}`, async (it) => {
      await Promise.all([a.run_(it), b.run_(it)]);
    }),
);

/** Any sequence of events of a workflow in production. */
export const interleavings = (options: { readonly kills: boolean; readonly maxCommands: number }) =>
  fc.commands(
    [
      deploy,
      deploy,
      failingDeploy,
      heldDeploy,
      submit,
      submitUndelivered,
      submitUndelivered,
      deliver,
      deliver,
      deliver,
      deliverSlowly,
      deliverSlowly,
      resume,
      rollback,
      promote,
      promote,
      share,
      prune,
      prune,
      pruneOverJob,
      destroy,
      together,
      together,
      ...(options.kills ? [kill] : []),
    ],
    { maxCommands: options.maxCommands, size: 'max' },
  );
