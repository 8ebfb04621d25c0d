import type { CodexOrigin } from "../cli/locate/locate.ts";
import type { DoctorReport } from "./report.ts";

/** The descriptions of how a CLI was found. */
const ORIGINS: { readonly [K in CodexOrigin]: string } = {
  codexPathOverride: "by codexPathOverride",
  CODEX_PATH: "by CODEX_PATH",
  package: "the npm package, installed beside @acodex/sdk",
  program: "the npm package, installed for the program",
  PATH: "on PATH",
};

/** Formats a report as text for people. */
export function formatReport(report: DoctorReport): string {
  const rows = listRows(report);
  const width = Math.max(...rows.map(([name]) => name.length));
  const facts = rows.flatMap(([name, lines]) =>
    lines.map((line, index) =>
      `  ${(index === 0 ? name : "").padEnd(width)}  ${line}`
    )
  );
  return [...facts, "", ...formatProblems(report), ""].join("\n");
}

function listRows(
  report: DoctorReport,
): [name: string, lines: readonly string[]][] {
  const { runtime, cli, home, login, folder, watching } = report;
  return [
    ["runtime", [
      `${runtime.name} ${runtime.version} on ${runtime.platform} ${runtime.arch}`,
    ]],
    ["package", [`${report.package.name} ${report.package.version}`]],
    [
      "CLI",
      cli === null ? ["none"] : [
        cli.foundBy === null
          ? "not looked for"
          : `${cli.version ?? "of an unknown version"} (${
            ORIGINS[cli.foundBy]
          })`,
        cli.path,
      ],
    ],
    ["home", [
      `${home.path ?? "unknown"}${
        home.setBy === "CODEX_HOME" ? " (CODEX_HOME)" : ""
      }${
        home.exists === false ? ", not there yet" : ""
      }; config.toml: ${home.config}`,
    ]],
    ["login", [describeLogin(login)]],
    ["folder", [
      `${folder.path ?? "gone"}${
        folder.isRepository === null
          ? ""
          : folder.isRepository
          ? ", in a Git repository"
          : ", not in a Git repository"
      }`,
    ]],
    ["permissions", listPermissions(report)],
    ["MCP servers", listServers(report)],
    ["watching", [
      watching.watchdog
        ? "the CLI ends when this program dies"
        : "nothing ends the CLI when this program dies",
      watching.processTable
        ? "processes that leave the CLI's process tree are found and ended"
        : "processes that leave the CLI's process tree are not found",
    ]],
    [
      "proxies",
      orNone(
        report.proxies.map(({ variable, value }) => `${variable} ${value}`),
      ),
    ],
    ["network", ["not checked: the doctor sends no requests"]],
  ];
}

function describeLogin(
  { key, login, provider }: DoctorReport["login"],
): string {
  const logins = {
    chatgpt: "a ChatGPT login",
    api_key: "a login with a key",
    none: "no login",
    unknown: "a login that is stored elsewhere, or unknown",
  };
  const keys = key === null ? "no key" : `a key (${key})`;
  const by = provider === null ? "" : `; provider ${provider}`;
  return `${logins[login]}, ${keys}${by}`;
}

function listPermissions({ permissions }: DoctorReport): string[] {
  if (permissions.length === 0) return ["the runtime restricts nothing"];
  const missing = permissions.filter(({ granted }) => !granted);
  return missing.length === 0
    ? ["everything that turns need"]
    : missing.map(({ flag }) => `without ${flag}`);
}

function listServers({ mcpServers }: DoctorReport): readonly string[] {
  return orNone(
    mcpServers.map(({ name, enabled, toolsRejected, approvedTools }) => {
      if (!enabled) return `${name}: turned off`;
      if (!toolsRejected) return `${name}: tools are allowed`;
      const but = approvedTools.length === 0
        ? ""
        : `, except ${approvedTools.join(", ")}`;
      return `${name}: tools are refused in codex exec${but}`;
    }),
  );
}

function formatProblems({ problems, ok }: DoctorReport): string[] {
  const lines = problems.flatMap(({ fails, message, fix }) => {
    const [first = "", ...more] = message.split("\n");
    return [
      `${fails ? "FAILS" : "note "}  ${first}`,
      ...more.map((line) => `       ${line}`),
      `       -> ${fix}`,
    ];
  });
  const last = ok
    ? "Nothing found that would make a turn fail."
    : "A turn would fail here.";
  return [...lines, ...lines.length > 0 ? [""] : [], last];
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["none"] : lines;
}
