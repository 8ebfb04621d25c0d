/** The parts of a rollout's name; a rollout is the file that the CLI keeps a thread in. */
export interface RolloutName {
  /** The id of its thread. */
  readonly id: string;
  /** The folders below `sessions` that the CLI puts it into: year, month and day. */
  readonly folders: readonly [year: string, month: string, day: string];
}

const NAME =
  /^rollout-(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d{2}-\d{2}-\d{2}-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

/** Parses the name of a rollout; returns `undefined` for any other name. */
export function parseRolloutName(name: string): RolloutName | undefined {
  const [, year, month, day, id] = NAME.exec(name) ?? [];
  if (
    year === undefined || month === undefined || day === undefined ||
    id === undefined
  ) return undefined;
  return { id, folders: [year, month, day] };
}
