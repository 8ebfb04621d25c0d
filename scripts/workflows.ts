/**
 * Checks the workflows of .github/workflows: a job that may publish does nothing else, and
 * publishes exactly the package that was built from a tag on main.
 *
 * @module
 */

import { parse } from "@std/yaml";
import { z } from "zod";

const SCALAR = z.union([z.string(), z.number(), z.boolean()]);
const VALUES = z.record(z.string(), SCALAR);
const PERMISSIONS = z.record(z.string(), z.enum(["read", "write", "none"]));

const STEP = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: VALUES.optional(),
  env: VALUES.optional(),
  run: z.string().optional(),
});

const JOB = z.strictObject({
  name: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  "runs-on": z.string(),
  "timeout-minutes": z.number().optional(),
  environment: z.string().optional(),
  permissions: PERMISSIONS.optional(),
  outputs: VALUES.optional(),
  env: VALUES.optional(),
  strategy: z.unknown().optional(),
  "continue-on-error": z.boolean().optional(),
  steps: z.array(STEP),
});

/** The schema of workflows; other keys have to be reviewed and added here first. */
const WORKFLOW = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: PERMISSIONS.optional(),
  concurrency: z.unknown().optional(),
  env: VALUES.optional(),
  jobs: z.record(z.string(), JOB),
});

/** A step of a job. */
export type Step = z.infer<typeof STEP>;

/** A job of a workflow. */
export type Job = z.infer<typeof JOB>;

/** A workflow. */
export type Workflow = z.infer<typeof WORKFLOW>;

/** Matches an action at a commit; a tag or a branch can be moved to other code. */
const PINNED = /^([\w.-]+\/[\w.-]+)@[0-9a-f]{40}$/;

/** Matches an exact version. */
const EXACT = /^\d+\.\d+\.\d+$/;

/** The allowed triggers; others run with permissions or secrets next to untrusted code. */
const TRIGGERS = ["push", "pull_request", "schedule", "workflow_dispatch"];

/** The environment whose rules decide who releases. */
const ENVIRONMENT = "release";

/** The job that packs, the name of its artifact, and its output. */
const BUILD = "build";
const ARTIFACT = "package";
const HASH = "${{ steps.pack.outputs.sha256 }}";

/** Fails for a commit that is not on main; on a separate line, so that nothing hides the failure. */
const ON_MAIN = "git merge-base --is-ancestor HEAD origin/main";

/** Fails unless the downloaded package is the packed one. */
const COMPARE: Step = {
  env: { SHA256: `\${{ needs.${BUILD}.outputs.sha256 }}` },
  run: `echo "$SHA256  package.tgz" | sha256sum --check --strict`,
};

/** The lists of steps, one of which a job that may publish must have; actions without their commits. */
const PUBLISHING: readonly (readonly Step[])[] = [
  [
    {
      uses: "actions/setup-node",
      with: {
        "node-version": "${{ env.NODE_VERSION }}",
        "package-manager-cache": false,
      },
    },
    { uses: "actions/download-artifact", with: { name: ARTIFACT } },
    COMPARE,
    {
      run:
        "npm publish ./package.tgz --provenance --access public --ignore-scripts",
    },
  ],
  [
    {
      uses: "actions/checkout",
      with: { ref: "${{ github.sha }}", "persist-credentials": false },
    },
    {
      uses: "denoland/setup-deno",
      with: { "deno-version": "${{ env.DENO_VERSION }}" },
    },
    { run: "deno publish --no-check" },
  ],
];

/** The only step that a job that may publish the site may have. */
const DEPLOY: Step = { uses: "actions/deploy-pages" };

/** The keys that a job that may publish may have in addition to its steps. */
const PUBLISHING_KEYS = [
  "name",
  "needs",
  "runs-on",
  "timeout-minutes",
  "environment",
  "permissions",
  "steps",
];

/**
 * Reads a workflow.
 *
 * @throws {Error} For invalid YAML, and for anything that the schema does not know.
 */
export function readWorkflow(text: string): Workflow {
  return WORKFLOW.parse(parse(text));
}

/** Lists the problems with a workflow. */
export function findProblems(workflow: Workflow): string[] {
  const { on, permissions } = workflow;
  const jobs = Object.entries(workflow.jobs);
  const writers = jobs.filter(([, job]) => mayWrite(workflow, job));
  const sites = writers.filter(([, job]) => job.permissions?.pages === "write");
  const publishers = writers.filter((each) => !sites.includes(each));
  return [
    ...Object.keys(on).filter((event) => !TRIGGERS.includes(event))
      .map((event) => `it is started by ${event}`),
    ...listed({
      "it names no permissions, so each job has the repository's":
        permissions === undefined,
    }),
    ...rightsBeside(permissions, { contents: "read" })
      .map((right) => `every job has ${right}`),
    ...jobs.flatMap(([name, job]) => inJob(name, jobProblems(job))),
    ...sites.flatMap(([name, job]) => inJob(name, siteProblems(workflow, job))),
    ...publishers.flatMap(([name, job]) => inJob(name, publisherProblems(job))),
    ...publishers.length === 0 ? [] : releaseProblems(workflow),
  ];
}

/** Lists the problems whose value is `true`. */
function listed(problems: Record<string, boolean>): string[] {
  return Object.keys(problems).filter((problem) => problems[problem]);
}

/** Tells whether a job has a write permission, by its own permissions or the workflow's. */
function mayWrite({ permissions }: Workflow, job: Job): boolean {
  return Object.values(job.permissions ?? permissions ?? {}).includes("write");
}

function inJob(name: string, problems: string[]): string[] {
  return problems.map((problem) => `${name}: ${problem}`);
}

/** Checks the rules for every job. */
function jobProblems(job: Job): string[] {
  const allowed = { contents: "read", "id-token": "write", pages: "write" };
  return [
    ...listed({ "it has no time limit": job["timeout-minutes"] === undefined }),
    ...rightsBeside(job.permissions, allowed).map((right) => `it has ${right}`),
    ...jobsRead(job).filter((name) => ![job.needs].flat().includes(name))
      .map((name) => `it reads an output of ${name}, and does not need it`),
    ...job.steps.flatMap(stepProblems),
  ];
}

/** Lists the jobs whose outputs a job reads; an output is empty unless the job needs that job directly. */
function jobsRead({ steps }: Job): string[] {
  const values = steps.flatMap(({ env }) => Object.values(env ?? {}));
  return [...values.join("\n").matchAll(/\bneeds\.([\w-]+)\./g)]
    .map(([, name = ""]) => name);
}

function stepProblems({ uses, run, with: inputs }: Step): string[] {
  return listed({
    [`${uses} is not pinned by a commit`]: uses !== undefined &&
      !PINNED.test(uses),
    "a checkout leaves its credentials behind":
      readActionName(uses) === "actions/checkout" &&
      inputs?.["persist-credentials"] !== false,
    // Expressions are inserted into a script as text, so a branch's name can be a command.
    [`an expression is in "${run}"`]: run?.includes("${{") === true,
  });
}

/** Checks the rules for a job that may publish the site: it does nothing else, and only from main. */
function siteProblems({ on }: Workflow, job: Job): string[] {
  const isOfMain = JSON.stringify(on) === '{"push":{"branches":["main"]}}';
  return listed({
    "the site is not that of main": !isOfMain,
    "its environment is not github-pages": job.environment !== "github-pages",
    "it may publish the site, and does other things": job.steps.length !== 1 ||
      !isSame(DEPLOY, job.steps[0]),
  });
}

/** Checks the rules for a job that may publish. */
function publisherProblems(job: Job): string[] {
  return [
    ...Object.keys(job).filter((key) => !PUBLISHING_KEYS.includes(key))
      .map((key) => `it may publish, and says "${key}"`),
    ...listed({
      [`its environment is not ${ENVIRONMENT}`]:
        job.environment !== ENVIRONMENT,
      "it may publish, and does other things": !PUBLISHING.some((steps) =>
        steps.length === job.steps.length &&
        steps.every((step, index) => isSame(step, job.steps[index]))
      ),
    }),
  ];
}

/** Tells whether two steps are the same; their action may be at different commits. */
function isSame(one: Step, other: Step | undefined): boolean {
  const [a, b] = [one, other ?? {}].map((
    { uses, with: inputs, env, run, if: only },
  ) => JSON.stringify([readActionName(uses), inputs, env, run, only]));
  return a === b;
}

/** Checks the rules for all jobs of a workflow in which one may publish. */
function releaseProblems(workflow: Workflow): string[] {
  const jobs = Object.entries(workflow.jobs);
  const readers = jobs.filter(([, job]) => !mayWrite(workflow, job));
  const publishers = jobs.filter(([, job]) => mayWrite(workflow, job));
  const versions = Object.entries(workflow.env ?? {});
  const isByTag = z.strictObject({
    push: z.strictObject({ tags: z.array(z.string()) }),
  }).safeParse(workflow.on).success;
  return [
    ...listed({ "it is not started by tags alone": !isByTag }),
    ...versions.filter(([, value]) => !EXACT.test(String(value)))
      .map(([name]) => `${name} is no exact version`),
    ...jobs.flatMap(([name, job]) =>
      inJob(name, releaseJobProblems(job, versions.map(([name]) => name)))
    ),
    ...publishers.flatMap(([name]) => {
      const before = jobsBefore(workflow, name);
      return readers.filter(([reader]) => !before.has(reader))
        .map(([reader]) => `${name}: it does not wait for ${reader}`);
    }),
    ...inJob(BUILD, buildProblems(workflow.jobs[BUILD])),
  ];
}

/** Checks the rules for a job that a release waits for: nothing is skipped, ranged or from a cache. */
function releaseJobProblems(job: Job, versions: readonly string[]): string[] {
  const expressions = versions.map((name) => `\${{ env.${name} }}`);
  return [
    ...[job, ...job.steps].flatMap(({ if: only }) =>
      only === undefined ? [] : [`it depends on "${only}"`]
    ),
    ...listed({ "it may fail": job["continue-on-error"] === true }),
    ...job.steps.flatMap(({ uses = "", with: inputs = {} }, index) => {
      const action = readActionName(uses) ?? "";
      const names = Object.keys(inputs);
      const ranged = names.filter((name) =>
        name.endsWith("-version") && !expressions.includes(String(inputs[name]))
      );
      const caches = names.filter((name) =>
        name.includes("cache") && inputs[name] !== false
      );
      return [
        ...ranged.map((name) =>
          `${name} is not one of the workflow's versions`
        ),
        ...[...caches, ...action.includes("cache") ? [action] : []]
          .map((name) => `it takes from a cache: ${name}`),
        ...listed({
          "it takes what was handed over without comparing its hash":
            action === "actions/download-artifact" &&
            !isSame(COMPARE, job.steps[index + 1]),
          "it takes from a cache, as setup-node does by itself":
            action === "actions/setup-node" &&
            inputs["package-manager-cache"] === undefined,
          [`${action} takes the newest version`]: action.includes("/setup-") &&
            !names.some((name) => name.endsWith("-version")),
        }),
      ];
    }),
  ];
}

/** Checks the rules for the job that packs: a tag on main, only the build, and the hash of the package. */
function buildProblems(job: Job | undefined): string[] {
  if (job === undefined) return ["there is no such job"];
  const { steps } = job;
  const checkout = steps.findIndex(({ uses, with: inputs }) =>
    readActionName(uses) === "actions/checkout" && inputs?.["fetch-depth"] === 0
  );
  const onMain = steps.findIndex(({ run }) =>
    run?.split("\n").includes(ON_MAIN)
  );
  // Tests run dependencies, which must not be able to change the package.
  const runs = steps.flatMap(({ run }) => run ?? []);
  const [pack, upload] = steps.slice(-2);
  return listed({
    "it does not begin by asking whether the tag is on main": checkout === -1 ||
      onMain !== checkout + 1,
    "it runs more than what builds": runs.length !== 3 ||
      runs[1] !== "deno task build:npm --release",
    "it does not put out the hash of what it packed": pack?.id !== "pack" ||
      !pack.run?.includes("sha256sum package.tgz") ||
      job.outputs?.sha256 !== HASH,
    "it does not end by handing over what it packed":
      readActionName(upload?.uses) !== "actions/upload-artifact" ||
      upload?.with?.name !== ARTIFACT || upload.with.path !== "package.tgz",
  });
}

/** Lists the jobs that have to succeed before a job begins. */
function jobsBefore({ jobs }: Workflow, name: string): Set<string> {
  const before = new Set<string>();
  const waiting = [name];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    for (const needed of [jobs[each]?.needs ?? []].flat()) {
      if (before.has(needed)) continue;
      before.add(needed);
      waiting.push(needed);
    }
  }
  return before;
}

/** Lists the permissions that are not allowed. */
function rightsBeside(
  permissions: Record<string, string> = {},
  allowed: Record<string, string>,
): string[] {
  return Object.entries(permissions)
    .filter(([scope, right]) => right !== "none" && right !== allowed[scope])
    .map(([scope, right]) => `${scope}: ${right}`);
}

/** Returns the name of an action, without its commit. */
function readActionName(uses: string | undefined): string | undefined {
  return PINNED.exec(uses ?? "")?.[1] ?? uses;
}
