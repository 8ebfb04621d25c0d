// The part of jsr:@deno/dnt 0.43 that scripts/npm uses, with the signatures of
// the real package, whose own types are checked wherever JSR answers.

/** An entry of the package. */
export interface EntryPoint {
  kind?: "bin" | "export";
  name?: string;
  path: string;
}

/** What package.json says. */
export interface PackageJson {
  name: string;
  version: string;
  license?: string;
  dependencies?: { [packageName: string]: string };
  devDependencies?: { [packageName: string]: string };
  // deno-lint-ignore no-explicit-any
  [propertyName: string]: any;
}

/** Options of {@linkcode build}. */
export interface BuildOptions {
  entryPoints: (string | EntryPoint)[];
  outDir: string;
  shims: { deno?: boolean | "dev" };
  package: PackageJson;
  configFile?: string | false;
  typeCheck?: "both" | "single" | false;
  test?: boolean;
  declaration?: "inline" | "separate" | false;
  scriptModule?: "cjs" | "umd" | false;
  esModule?: boolean;
  skipNpmInstall?: boolean;
  compilerOptions?: {
    target?: "ES2021" | "ES2022" | "ES2023" | "Latest";
    sourceMap?: "inline" | boolean;
    inlineSources?: boolean;
    lib?: ("ES2022" | "ES2023" | "ESNext" | "DOM" | "DOM.Iterable")[];
    noImplicitReturns?: boolean;
    noUncheckedIndexedAccess?: boolean;
    skipLibCheck?: boolean;
    useUnknownInCatchVariables?: boolean;
  };
}

/** Builds an npm package from Deno modules. */
export function build(options: BuildOptions): Promise<void>;

/** Empties a folder, or makes it. */
export function emptyDir(dir: string | URL): Promise<void>;
