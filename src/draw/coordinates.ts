/** The coordinates of an objective as axes: their names, and their numbers as the user knows them. */
import type { Domain } from "../core/problem.ts";
import type { Space } from "../core/space.ts";
import { type Axis, linearAxis, logAxis, orderAxis } from "./axes.ts";
import { about } from "./numbers.ts";
import { plain, rich, type Text } from "./scene.ts";

export type Coordinates = {
  readonly domain: Domain;
  readonly names?: readonly string[] | undefined;
  /** What the variables are, where they are not plain intervals. */
  readonly space?: Space | undefined;
};

/** The axis of a coordinate over its whole domain: logarithmic, whole or of options where the variable is. */
export function coordinateAxis({ domain, names, space }: Coordinates, j: number, room = 5): Axis {
  const variable = space?.variables[j];
  const label = nameOf(names, j);
  const [lower, upper] = [domain.lower[j], domain.upper[j]];
  if (variable?.kind === "fixed") return { ...orderAxis(label, [plain(String(variable.worth))]), place: () => 0.5 };
  if (variable?.kind === "log") return logAxis(label, lower, upper, room);
  if (variable?.kind === "choice")
    return orderAxis(
      label,
      variable.options.map((option) => plain(String(option))),
      room,
    );
  if (variable?.kind === "integer") return wholeAxis(label, lower, upper, room);
  return linearAxis(label, lower, upper, room);
}

const FEW = 30;

/** Whole numbers, each in the middle of its cell. */
function wholeAxis(label: Text, lower: number, upper: number, room: number): Axis {
  if (upper - lower > FEW) return linearAxis(label, lower - 0.5, upper + 0.5, room);
  const numbers = Array.from({ length: upper - lower + 1 }, (_, i) => rich(about(lower + i, 6)));
  const axis = orderAxis(label, numbers, room);
  return { ...axis, place: (value) => axis.place(value - lower) };
}

/** A coordinate's name as a label. */
export function nameOf(names: readonly string[] | undefined, j: number): Text {
  const given = names?.[j];
  if (given === undefined)
    return [
      { text: "x", italic: true },
      { text: String(j + 1), shift: "down" },
    ];
  if ([...given].length === 1) return [{ text: given, italic: true }];
  return plain(given.length > 18 ? `${given.slice(0, 17)}…` : given);
}
