/**
 * The dependency rule: each layer may use any layer to its right, and nothing else of ours.
 *
 *   routes, jobs, server, worker → workflows → modules → leaves → platform → nothing of ours
 *           └→ queries → db            modules → own tables; never one another
 *           └→ components → pure module files, pure platform files
 *   gateway → modules/metering, vault, pricing on the hot path; workflows off it
 *   services.server.ts → adapters → module ports          db → drizzle and pure platform files
 *
 * A file without `.server` in its name is pure: pages may import it. A module's door is its index.server.ts.
 */
// Mail is a leaf too: a command queues it in the atomic block of what it reports.
const LEAVES = '(ledger|vault|pricing|policy|audit|notifications)';
const SERVER_FILE = '\\.server\\.tsx?$';
const TEST = '\\.test\\.tsx?$';
const app = (folders) => `^app/(${folders})/`;
/** An import of types alone leaves nothing in the bundle. */
const notTypes = { dependencyTypesNot: ['type-only'] };

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle of values has no layer.',
      severity: 'error',
      from: { pathNot: '^app/routes' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
    {
      name: 'platform-knows-nothing-of-ours',
      severity: 'error',
      from: { path: app('platform'), pathNot: TEST },
      to: { path: '^(app|db|sandbox|tests)/', pathNot: app('platform') },
    },
    {
      name: 'leaves-use-platform-only',
      comment: 'A leaf may write the audit log; otherwise it knows no other module.',
      severity: 'error',
      from: { path: `^app/modules/${LEAVES}/`, pathNot: TEST },
      to: { path: '^app/', pathNot: ['^app/modules/$1/', '^app/modules/audit/index\\.server\\.ts$', app('platform'), '^app/paths\\.ts$'] },
    },
    {
      name: 'modules-never-one-another',
      severity: 'error',
      from: { path: '^app/modules/([^/]+)/', pathNot: [`^app/modules/${LEAVES}/`, TEST] },
      to: { path: '^app/modules/', pathNot: ['^app/modules/$1/', `^app/modules/${LEAVES}/`] },
    },
    {
      name: 'modules-know-no-layer-above',
      severity: 'error',
      from: { path: app('modules'), pathNot: TEST },
      to: { path: ['^app/', '^sandbox/', '^tests/'], pathNot: [app('modules'), app('platform'), '^app/paths\\.ts$'] },
    },
    {
      name: 'door-of-a-module',
      comment: 'From outside a module import its index.server.ts, or one of its pure files.',
      severity: 'error',
      from: { path: '^app/modules/([^/]+)/', pathNot: TEST },
      to: { path: `^app/modules/.*${SERVER_FILE}`, pathNot: ['^app/modules/$1/', '^app/modules/[^/]+/index\\.server\\.ts$'] },
    },
    {
      name: 'door-of-a-module-from-elsewhere',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: [app('modules'), TEST] },
      to: { path: `^app/modules/.*${SERVER_FILE}`, pathNot: '^app/modules/[^/]+/index\\.server\\.ts$' },
    },
    {
      name: 'workflows-use-modules',
      severity: 'error',
      from: { path: app('workflows'), pathNot: TEST },
      to: { path: ['^app/', '^sandbox/', '^tests/'], pathNot: [app('workflows|modules|platform'), '^app/paths\\.ts$'] },
    },
    {
      name: 'queries-read-tables',
      comment: 'Read models select from tables; of modules they take pure rules, and what the leaves know.',
      severity: 'error',
      from: { path: app('queries|invariants'), pathNot: TEST },
      to: { path: ['^app/', '^sandbox/', '^tests/'], pathNot: [app('queries|invariants|platform|modules'), '^app/paths\\.ts$'] },
    },
    {
      name: 'queries-enter-no-door-but-a-leafs',
      severity: 'error',
      from: { path: app('queries|invariants'), pathNot: TEST },
      to: { path: `^app/modules/.*${SERVER_FILE}`, pathNot: `^app/modules/${LEAVES}/` },
    },
    {
      name: 'components-are-pure',
      severity: 'error',
      from: { path: app('components'), pathNot: TEST },
      to: {
        path: [
          SERVER_FILE,
          '^db/',
          '^sandbox/',
          '^tests/',
          app('routes|queries|invariants|workflows|gateway|jobs|adapters|bin'),
          '^app/(server|worker)\\.ts$',
        ],
        ...notTypes,
      },
    },
    {
      name: 'gateway-is-thin',
      comment: 'The hot path uses metering, vault, pricing and policy; everything else is a workflow.',
      severity: 'error',
      from: { path: app('gateway'), pathNot: TEST },
      to: {
        path: ['^app/', '^sandbox/', '^tests/'],
        pathNot: [app('gateway|workflows|platform'), '^app/modules/(metering|vault|pricing|policy)/', '^app/paths\\.ts$'],
        ...notTypes,
      },
    },
    {
      name: 'adapters-implement-ports',
      severity: 'error',
      from: { path: app('adapters'), pathNot: TEST },
      to: {
        path: ['^app/', '^db/', '^sandbox/', '^tests/'],
        pathNot: [app('adapters|platform'), `^app/modules/.*(?<!\\.server)\\.ts$`],
        ...notTypes,
      },
    },
    {
      name: 'only-the-composition-root-knows-adapters',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: [app('adapters'), '^app/services\\.server\\.ts$', TEST] },
      to: { path: app('adapters'), ...notTypes },
    },
    {
      name: 'routes-hold-no-sql',
      severity: 'error',
      from: { path: app('routes|components'), pathNot: TEST },
      to: { path: ['^db/', 'node_modules/drizzle-orm', 'node_modules/postgres/', 'node_modules/stripe/'], ...notTypes },
    },
    {
      name: 'jobs-call-workflows',
      severity: 'error',
      from: { path: app('jobs'), pathNot: TEST },
      to: {
        path: ['^app/', '^db/', '^sandbox/', '^tests/'],
        // The rules that the money keeps are read models, and one sweep checks them.
        pathNot: [app('jobs|workflows|modules|platform'), '^app/paths\\.ts$', app('invariants')],
        ...notTypes,
      },
    },
    {
      name: 'nobody-imports-entries',
      comment: 'Only processes put the parts together.',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: ['^app/(server|dev-server|worker|worker-pool)\\.ts$', app('bin|web|jobs'), '^db/seed', TEST] },
      to: { path: ['^app/(server|worker|worker-pool|services\\.server)\\.ts$', app('bin|jobs|web')], ...notTypes },
    },
    {
      name: 'tables-know-the-kit-only',
      severity: 'error',
      from: { path: '^db/', pathNot: ['^db/(seed|migrate)', '^db/seed/', TEST] },
      to: {
        path: ['^app/', '^sandbox/', '^tests/'],
        pathNot: '^app/platform/(money|ids|dates|errors|context|lost-connection)\\.ts$',
        ...notTypes,
      },
    },
    {
      name: 'the-app-never-imports-a-sandbox',
      severity: 'error',
      from: { path: '^app/', pathNot: TEST },
      to: { path: '^(sandbox|tests|bench)/' },
    },
    {
      name: 'sandboxes-stand-alone',
      comment: 'A stand-in that used our code would share our mistakes.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(app|db|tests)/' },
    },
    {
      name: 'stripe-behind-its-adapter',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: app('adapters/stripe') },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'lucia-in-one-file',
      severity: 'error',
      from: { path: '^(app|db)/', pathNot: '^app/modules/accounts/sign-in-session\\.server\\.ts$' },
      to: { path: 'node_modules/(lucia|@lucia-auth)/' },
    },
    {
      name: 'remix-at-the-edge',
      severity: 'error',
      from: {
        path: [
          app('modules|workflows|queries|invariants|gateway|jobs|adapters|platform|bin'),
          '^(db|sandbox)/',
          '^app/services\\.server\\.ts$',
        ],
      },
      to: { path: 'node_modules/(@remix-run|remix)/' },
    },
    {
      name: 'worker-without-remix',
      severity: 'error',
      from: { path: '^app/worker\\.ts$' },
      to: { path: 'node_modules/@remix-run/', reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|node_modules/\\.cache)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
