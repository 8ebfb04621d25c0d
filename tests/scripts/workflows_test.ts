import { assert, assertEquals, assertThrows } from "@std/assert";
import { listFiles, readProjectFile, ROOT_URL } from "../../scripts/project.ts";
import {
  findProblems,
  type Job,
  readWorkflow,
  type Step,
  type Workflow,
} from "../../scripts/workflows.ts";

const FOLDER = ".github/workflows";

function readFile(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`${FOLDER}/${name}`, ROOT_URL));
}

Deno.test("the workflows have no problems", async () => {
  const paths = await listFiles(FOLDER);
  assertEquals(
    paths,
    ["ci", "drift", "pages", "publish"].map((name) => `${FOLDER}/${name}.yml`),
  );
  for (const path of paths) {
    const text = await Deno.readTextFile(new URL(path, ROOT_URL));
    assertEquals(findProblems(readWorkflow(text)), [], path);
  }
});

Deno.test("CI runs every task that runs tests", async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT_URL)),
  );
  // The default tests include a shorter form of it.
  const left = new Set(["test:chaos"]);
  const ci = readWorkflow(await readFile("ci.yml"));
  const runs = Object.values(ci.jobs).flatMap(({ steps }) => steps)
    .map(({ run }) => run ?? "");
  for (const name of Object.keys(tasks)) {
    if (!name.startsWith("test:") || left.delete(name)) continue;
    const command = new RegExp(`^deno task ${name}(?: |$)`, "m");
    assert(runs.some((run) => command.test(run)), name);
  }
  assertEquals(left.size, 0);
});

Deno.test("the job that publishes the site does nothing else, and only for main", async () => {
  const changes: ((workflow: Workflow) => void)[] = [
    ({ on }) => on.pull_request = {},
    ({ jobs }) => delete jobs.deploy?.environment,
    ({ jobs }) => jobs.deploy?.steps.unshift({ run: "true" }),
    ({ jobs }) => jobs.deploy?.steps.splice(0),
  ];
  for (const change of changes) {
    const workflow = readWorkflow(await readFile("pages.yml"));
    change(workflow);
    assertEquals(findProblems(workflow).length, 1);
  }
});

Deno.test("only two jobs may publish, and no other job may write", async () => {
  const { jobs } = readWorkflow(await readFile("publish.yml"));
  const writers = Object.entries(jobs).filter(([, { permissions }]) =>
    Object.values(permissions ?? {}).includes("write")
  );
  assertEquals(
    writers.map(([name, { permissions }]) => [name, permissions]),
    [
      ["npm", { "id-token": "write" }],
      ["jsr", { contents: "read", "id-token": "write" }],
    ],
  );
  const ci = readWorkflow(await readFile("ci.yml"));
  assertEquals(ci.permissions, { contents: "read" });
  assert(Object.values(ci.jobs).every((job) => job.permissions === undefined));
});

Deno.test("no npm package may run a script when Deno installs it", async () => {
  const project = { ...await readProjectFile() };
  assert("nodeModulesDir" in project);
  assertEquals("allowScripts" in project, false);
});

/** A change that breaks a workflow, and the expected problem. */
interface Case {
  file?: "ci.yml";
  spoil: (workflow: Workflow) => void;
  problem: string;
}

function findJob({ jobs }: Workflow, name: string): Job {
  const job = jobs[name];
  if (job === undefined) throw new Error(`There is no job "${name}"`);
  return job;
}

/** Returns the step of a job that runs or uses something. */
function findStep(workflow: Workflow, name: string, what: string): Step {
  const found = findJob(workflow, name).steps.find(({ run, uses }) =>
    `${run ?? ""}${uses ?? ""}`.includes(what)
  );
  if (found === undefined) throw new Error(`No step of "${name}" has ${what}`);
  return found;
}

function removeStep(workflow: Workflow, name: string, what: string): void {
  const { steps } = findJob(workflow, name);
  steps.splice(steps.indexOf(findStep(workflow, name, what)), 1);
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

const OTHER_THINGS = "npm: it may publish, and does other things";

const CASES: Record<string, Case> = {
  "an action pinned by its tag": {
    file: "ci.yml",
    spoil: (workflow) =>
      findStep(workflow, "canary", "checkout").uses = "actions/checkout@v7",
    problem: "canary: actions/checkout@v7 is not pinned by a commit",
  },
  "an action pinned by a short commit": {
    spoil: (workflow) =>
      findStep(workflow, "npm", "download").uses =
        "actions/download-artifact@3e5f45b",
    problem: "npm: actions/download-artifact@3e5f45b is not pinned",
  },
  "an image as an action": {
    spoil: (workflow) =>
      findStep(workflow, "try", "setup-deno").uses = "docker://denoland/deno",
    problem: "try: docker://denoland/deno is not pinned",
  },
  "a checkout that leaves its credentials behind": {
    file: "ci.yml",
    spoil: (workflow) => delete findStep(workflow, "npm", "checkout").with,
    problem: "npm: a checkout leaves its credentials behind",
  },
  "an expression in a script": {
    file: "ci.yml",
    spoil: (workflow) =>
      findStep(workflow, "canary", "deno task").run =
        "echo ${{ github.event.head_commit.message }}",
    problem: "canary: an expression is in",
  },
  "the tag's name in a script": {
    spoil: (workflow) =>
      findStep(workflow, "build", "merge-base").run +=
        "\necho ${{ github.ref }}",
    problem: "build: an expression is in",
  },
  "no permissions at the top": {
    file: "ci.yml",
    spoil: (workflow) => delete workflow.permissions,
    problem: "it names no permissions",
  },
  "a write permission at the top": {
    file: "ci.yml",
    spoil: (workflow) => workflow.permissions = { contents: "write" },
    problem: "every job has contents: write",
  },
  "another read permission at the top": {
    file: "ci.yml",
    spoil: (workflow) => workflow.permissions = { "id-token": "read" },
    problem: "every job has id-token: read",
  },
  "a write permission of a job": {
    file: "ci.yml",
    spoil: (workflow) =>
      findJob(workflow, "test").permissions = { packages: "write" },
    problem: "test: it has packages: write",
  },
  "a CI job that may publish": {
    file: "ci.yml",
    spoil: (workflow) =>
      findJob(workflow, "test").permissions = { "id-token": "write" },
    problem: "test: it may publish, and does other things",
  },
  "a write permission of the build job": {
    spoil: (workflow) =>
      findJob(workflow, "build").permissions = { "id-token": "write" },
    problem: "build: it may publish, and does other things",
  },
  "a publishing job with more permissions": {
    spoil: (workflow) =>
      findJob(workflow, "npm").permissions = {
        "id-token": "write",
        contents: "write",
      },
    problem: "npm: it has contents: write",
  },
  "no time limit": {
    file: "ci.yml",
    spoil: (workflow) => delete findJob(workflow, "npm")["timeout-minutes"],
    problem: "npm: it has no time limit",
  },
  "untrusted code with permissions": {
    file: "ci.yml",
    spoil: (workflow) => workflow.on.pull_request_target = null,
    problem: "it is started by pull_request_target",
  },
  "a release from a branch": {
    spoil: (workflow) => workflow.on.push = { branches: ["main"] },
    problem: "it is not started by tags alone",
  },
  "a release from a tag or a branch": {
    spoil: (workflow) =>
      workflow.on.push = { tags: ["v*"], branches: ["main"] },
    problem: "it is not started by tags alone",
  },
  "a release from a pull request": {
    spoil: (workflow) => workflow.on.pull_request = null,
    problem: "it is not started by tags alone",
  },
  "a publishing job without the environment": {
    spoil: (workflow) => delete findJob(workflow, "npm").environment,
    problem: "npm: its environment is not release",
  },
  "a JSR publishing job without the environment": {
    spoil: (workflow) => delete findJob(workflow, "jsr").environment,
    problem: "jsr: its environment is not release",
  },
  "a publishing job that checks out": {
    spoil: (workflow) =>
      findJob(workflow, "npm").steps.unshift({
        uses: `actions/checkout@${COMMIT}`,
        with: { "persist-credentials": false },
      }),
    problem: OTHER_THINGS,
  },
  "a publishing job that runs a script of the project": {
    spoil: (workflow) =>
      findJob(workflow, "jsr").steps.splice(2, 0, { run: "deno task check" }),
    problem: "jsr: it may publish, and does other things",
  },
  "a publishing job that checks out another commit": {
    spoil: (workflow) =>
      findStep(workflow, "jsr", "checkout").with = {
        ref: "main",
        "persist-credentials": false,
      },
    problem: "jsr: it may publish, and does other things",
  },
  "a publishing job that uses another action": {
    spoil: (workflow) =>
      findJob(workflow, "npm").steps.push({ uses: `some/action@${COMMIT}` }),
    problem: OTHER_THINGS,
  },
  "a publishing job that installs": {
    spoil: (workflow) =>
      findJob(workflow, "npm").steps.unshift({ run: "npm install -g npm" }),
    problem: OTHER_THINGS,
  },
  "a publishing job that runs the package's scripts": {
    spoil: (workflow) =>
      findStep(workflow, "npm", "npm publish").run =
        "npm publish ./package.tgz --provenance --access public",
    problem: OTHER_THINGS,
  },
  "a publishing step with variables": {
    spoil: (workflow) =>
      findStep(workflow, "npm", "npm publish").env = { NODE_OPTIONS: "-r x" },
    problem: OTHER_THINGS,
  },
  "a publishing job with variables": {
    spoil: (workflow) =>
      findJob(workflow, "npm").env = { NODE_OPTIONS: "-r x" },
    problem: 'npm: it may publish, and says "env"',
  },
  "a publishing job that does not compare the hash": {
    spoil: (workflow) => removeStep(workflow, "npm", "sha256sum"),
    problem: OTHER_THINGS,
  },
  "a check of something other than the built package": {
    spoil: (workflow) => removeStep(workflow, "try", "sha256sum"),
    problem: "try: it takes what was handed over without comparing its hash",
  },
  "a publishing job that compares the hash conditionally": {
    spoil: (workflow) => findStep(workflow, "npm", "sha256sum").if = "false",
    problem: OTHER_THINGS,
  },
  "a publishing job that compares another hash": {
    spoil: (workflow) =>
      findStep(workflow, "npm", "sha256sum").env = {
        SHA256: "${{ needs.try.outputs.sha256 }}",
      },
    problem: OTHER_THINGS,
  },
  "a publishing job that compares the hash too late": {
    spoil: (workflow) => findJob(workflow, "npm").steps.reverse(),
    problem: OTHER_THINGS,
  },
  "a publishing job that does not wait for the build": {
    spoil: (workflow) => findJob(workflow, "npm").needs = ["check", "try"],
    problem: "npm: it reads an output of build, and does not need it",
  },
  "a publishing job that waits for nothing": {
    spoil: (workflow) => delete findJob(workflow, "npm").needs,
    problem: "npm: it does not wait for build",
  },
  "a publishing job that does not wait for the check": {
    spoil: (workflow) => findJob(workflow, "npm").needs = ["build", "try"],
    problem: "npm: it does not wait for check",
  },
  "a JSR publishing job that waits for nothing": {
    spoil: (workflow) => delete findJob(workflow, "jsr").needs,
    problem: "jsr: it does not wait for try",
  },
  "a publishing job that runs after a failure": {
    spoil: (workflow) => findJob(workflow, "npm").if = "always()",
    problem: 'npm: it may publish, and says "if"',
  },
  "a check that may fail": {
    spoil: (workflow) => findJob(workflow, "check")["continue-on-error"] = true,
    problem: "check: it may fail",
  },
  "a conditional check": {
    spoil: (workflow) =>
      findStep(workflow, "try", "check:npm").if = "github.actor == 'x'",
    problem: "try: it depends on",
  },
  "a build that does not check that the tag is on main": {
    spoil: (workflow) => removeStep(workflow, "build", "merge-base"),
    problem: "build: it does not begin by asking whether the tag is on main",
  },
  "a build that continues if the tag is not on main": {
    spoil: (workflow) =>
      findStep(workflow, "build", "merge-base").run =
        "git merge-base --is-ancestor HEAD origin/main || true",
    problem: "build: it does not begin by asking whether the tag is on main",
  },
  "a build that does not fetch main": {
    spoil: (workflow) =>
      findStep(workflow, "build", "checkout").with = {
        "persist-credentials": false,
      },
    problem: "build: it does not begin by asking whether the tag is on main",
  },
  "a build that checks too late that the tag is on main": {
    spoil: (workflow) => {
      const { steps } = findJob(workflow, "build");
      steps.splice(2, 0, ...steps.splice(1, 1));
    },
    problem: "build: it does not begin by asking whether the tag is on main",
  },
  "a build that tests what it builds": {
    spoil: (workflow) =>
      findJob(workflow, "build").steps.splice(5, 0, {
        run: "deno task check:npm npm",
      }),
    problem: "build: it runs more than what builds",
  },
  "a build that is not a release build": {
    spoil: (workflow) =>
      findStep(workflow, "build", "build:npm").run = "deno task build:npm",
    problem: "build: it runs more than what builds",
  },
  "a build that does not output the hash": {
    spoil: (workflow) => delete findJob(workflow, "build").outputs,
    problem: "build: it does not put out the hash of what it packed",
  },
  "a build that outputs the hash of something else": {
    spoil: (workflow) =>
      findStep(workflow, "build", "npm pack").run = "sha256sum README.md",
    problem: "build: it does not put out the hash of what it packed",
  },
  "a build that uploads something else": {
    spoil: (workflow) =>
      findStep(workflow, "build", "upload-artifact").with = {
        name: "package",
        path: "npm",
      },
    problem: "build: it does not end by handing over what it packed",
  },
  "no build": {
    spoil: (workflow) => delete workflow.jobs.build,
    problem: "build: there is no such job",
  },
  "a version range for Node": {
    spoil: (workflow) => workflow.env = { ...workflow.env, NODE_VERSION: 24 },
    problem: "NODE_VERSION is no exact version",
  },
  "a variable for all jobs": {
    spoil: (workflow) =>
      workflow.env = { ...workflow.env, NODE_OPTIONS: "-r x" },
    problem: "NODE_OPTIONS is no exact version",
  },
  "a version range for Deno in one job": {
    spoil: (workflow) =>
      findStep(workflow, "check", "setup-deno").with = {
        "deno-version": "v2.x",
      },
    problem: "check: deno-version is not one of the workflow's versions",
  },
  "the newest Deno in one job": {
    spoil: (workflow) => delete findStep(workflow, "check", "setup-deno").with,
    problem: "check: denoland/setup-deno takes the newest version",
  },
  "a cache of packages": {
    spoil: (workflow) =>
      findStep(workflow, "build", "setup-node").with = {
        "node-version": "${{ env.NODE_VERSION }}",
        "package-manager-cache": false,
        cache: "npm",
      },
    problem: "build: it takes from a cache: cache",
  },
  "setup-node's default cache": {
    spoil: (workflow) =>
      findStep(workflow, "build", "setup-node").with = {
        "node-version": "${{ env.NODE_VERSION }}",
      },
    problem: "build: it takes from a cache, as setup-node does by itself",
  },
  "a separate cache": {
    spoil: (workflow) =>
      findJob(workflow, "build").steps.splice(2, 0, {
        uses: `actions/cache@${COMMIT}`,
        with: { path: "npm", key: "x" },
      }),
    problem: "build: it takes from a cache: actions/cache",
  },
};

for (
  const [name, { file = "publish.yml", spoil, problem }] of Object.entries(
    CASES,
  )
) {
  Deno.test(`findProblems() reports ${name}`, async () => {
    const workflow = readWorkflow(await readFile(file));
    spoil(workflow);
    const problems = findProblems(workflow);
    assert(
      problems.some((each) => each.startsWith(problem)),
      problems.join("\n"),
    );
  });
}

/** Runs the commands of a step in a folder, as the runner's shell does. */
async function runLines(
  run: string | undefined,
  cwd: string,
  env: Record<string, string> = {},
): Promise<number> {
  const { code } = await new Deno.Command("bash", {
    args: ["-e", "-c", run ?? "exit 99"],
    cwd,
    env,
    stdout: "null",
    stderr: "null",
  }).output();
  return code;
}

// The steps use commands of the runners' system.
const ON_LINUX = { ignore: Deno.build.os !== "linux" };

Deno.test(
  "a publishing job continues only with the built package",
  ON_LINUX,
  async () => {
    const workflow = readWorkflow(await readFile("publish.yml"));
    const { run } = findStep(workflow, "npm", "sha256sum");
    const folder = await Deno.makeTempDir({ prefix: "acodex-hash-" });
    try {
      // The SHA-256 of "abc", from FIPS 180-2.
      const SHA256 =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
      await Deno.writeTextFile(`${folder}/package.tgz`, "abc");
      assertEquals(await runLines(run, folder, { SHA256 }), 0);
      assertEquals(await runLines(run, folder, { SHA256: "" }), 1);
      await Deno.writeTextFile(`${folder}/package.tgz`, "abd");
      assertEquals(await runLines(run, folder, { SHA256 }), 1);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test(
  "a build rejects a tag that is not on main or does not match the version",
  ON_LINUX,
  async () => {
    const workflow = readWorkflow(await readFile("publish.yml"));
    const { run } = findStep(workflow, "build", "merge-base");
    const folder = await Deno.makeTempDir({ prefix: "acodex-tag-" });
    const git = "git -c user.name=a -c user.email=a@example.com";
    try {
      const prepared = await runLines(
        `
        git init --quiet --initial-branch=main origin
        cd origin
        echo '{ "version": "1.2.3" }' > deno.json
        git add deno.json
        ${git} commit --quiet --message one
        git tag v1.2.3
        ${git} commit --quiet --allow-empty --message two
        git switch --quiet --create other
        ${git} commit --quiet --allow-empty --message three
        git tag v1.2.4
        git clone --quiet . ../clone
      `,
        folder,
      );
      assertEquals(prepared, 0);
      const clone = `${folder}/clone`;
      const judge = async (tag: string, name = "v1.2.3") => {
        await runLines(`git checkout --quiet ${tag}`, clone);
        return await runLines(run, clone, { GITHUB_REF_NAME: name });
      };
      assertEquals(await judge("v1.2.3"), 0);
      assertEquals(await judge("v1.2.3", "v1.2.4"), 1);
      assertEquals(await judge("v1.2.4"), 1);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("readWorkflow() rejects keys that findProblems() does not check", async () => {
  const text = await readFile("publish.yml");
  const job = "    needs: npm\n";
  const cases: [from: string, to: string, refused: string][] = [
    ["permissions: {}", "permissions: write-all", '"permissions"'],
    ["jobs:\n", "defaults: { run: { shell: sh } }\njobs:\n", '"defaults"'],
    [job, `${job}    container: some/image\n`, '"container"'],
    [job, `${job}    uses: some/workflow@v1\n`, '"uses"'],
    [job, `${job}    secrets: inherit\n`, '"secrets"'],
    [
      "      - run: deno publish",
      "      - continue-on-error: true\n        run: deno publish",
      '"continue-on-error"',
    ],
    ['on:\n  push:\n    tags: ["v*"]', "on: push", '"on"'],
  ];
  for (const [from, to, refused] of cases) {
    assert(text.includes(from), from);
    assertThrows(
      () => readWorkflow(text.replace(from, to)),
      Error,
      refused,
    );
  }
});
