/**
 * The source of the fake executable for `bun build --compile`, for systems that cannot spawn
 * scripts. It follows the same steps as the shell script.
 */
export const BUN_PROGRAM: string = `
import { existsSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

const home = dirname(process.execPath);
const args = process.argv.slice(2);
let steps = read("codex.steps");
let record = "";
let run = 1;

function read(name) {
  return readFileSync(join(home, name), "utf8").split("\\n").slice(0, -1);
}

function note(what, content) {
  writeFileSync(record + "." + what, content);
}

function print(pipe, bytes) {
  for (let start = 0; start < bytes.length;) {
    try {
      start += writeSync(pipe, bytes, start);
    } catch (error) {
      if (error.code !== "EAGAIN") process.exit(1);
      Bun.sleepSync(1);
    }
  }
}

function printLine(text) {
  print(1, Buffer.from(text + "\\n"));
}

async function take(word, value) {
  switch (word) {
    case "record":
      for (;; run++) {
        record = join(home, "run." + run);
        try {
          writeFileSync(record, "", { flag: "wx" });
          break;
        } catch (error) {
          if (error.code !== "EEXIST") process.exit(98);
        }
      }
      note("argv", args.map((each) => each + "\\0").join(""));
      note("env", Object.keys(process.env).map((each) => each + "\\n").join(""));
      note("folder", process.cwd() + "\\n");
      break;
    case "runs":
      if (run > Number(value)) {
        print(2, Buffer.from("Unexpected run " + run + ": the fake has steps for " + value + "\\n"));
        process.exit(1);
      }
      steps = read("codex.steps." + run);
      break;
    case "stdin":
      if (!process.stdin.isTTY) {
        try {
          note("stdin", await new Response(Bun.stdin.stream()).bytes());
        } catch {
          // There is none.
        }
      }
      note("read", "");
      break;
    case "thread": {
      const after = args.slice(args.indexOf("resume") + 1 || args.length);
      const id = after.find((each) => /^.{8}-.{4}-.{4}-.{4}-.{12}$/su.test(each)) ?? value;
      printLine('{"type":"thread.started","thread_id":"' + id + '"}');
      break;
    }
    case "line":
      printLine(value);
      break;
    case "put": {
      const [, pipe, times, file] = /^(\\S+) (\\S+) (.*)$/.exec(value);
      const bytes = readFileSync(join(home, file));
      for (let left = Number(times); left !== 0; left--) {
        print(pipe === "out" ? 1 : 2, bytes);
      }
      break;
    }
    case "ignore":
      process.on("SIG" + value, () => {});
      break;
    case "sleep":
      await Bun.sleep(Number(value) * 1000);
      break;
    case "wait":
      for (let left = Number(value); left > 0; left--) {
        if (!existsSync(join(home, "codex.steps"))) process.exit(0);
        await Bun.sleep(1000);
      }
      break;
    case "exit":
      process.exit(Number(value));
      break;
    case "die":
      process.kill(process.pid, "SIG" + value);
      // It comes a moment later.
      await Bun.sleep(60_000);
      break;
    default:
      print(2, Buffer.from("No such step: " + word + "\\n"));
      process.exit(99);
  }
}

while (steps.length > 0) {
  const step = steps.shift();
  const space = step.indexOf(" ");
  await take(space < 0 ? step : step.slice(0, space), step.slice(space + 1));
}
`;
