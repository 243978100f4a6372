/** The ECDF picture: names at the ends of their lines and apart, axes to the longest line. */
import { describe, expect, it } from "vitest";
import { type Reached, reached } from "../../src/draw/index.ts";
import { flat, sound, words } from "./sound.ts";

const evaluations = Array.from({ length: 41 }, (_, k) => 10 ** (k / 10));
const line = (name: string, height: number, kind: "ours" | "peer" | "bound" = "peer") => ({
  name,
  kind,
  evaluations,
  share: evaluations.map((_, k) => (height * k) / 40),
});

const crowd: Reached = {
  name: "ecdf-d2-all",
  title: "all functions, d = 2",
  lines: [
    line("best 2009", 0.98, "bound"),
    ...Array.from({ length: 9 }, (_, i) => line(`a peer with a name, no. ${i}`, 0.9 - 0.001 * i)),
    line("packets", 0.9, "ours"),
    line("mqhoa:form=script", 0.9, "ours"),
  ],
};

describe("reached", () => {
  it("keeps the names of lines that end at one place apart", () => {
    const scene = reached(crowd);
    sound(scene);
    expect(words(scene)).toEqual(expect.arrayContaining(crowd.lines.map(({ name }) => name)));
  });

  it("gives each line a stroke of its own, and ours the strongest", () => {
    const marks = flat(reached(crowd).marks);
    const strokes = marks.filter((mark) => mark.kind === "path" && (mark.width ?? 0) > 1);
    const styles = strokes.map((mark) => JSON.stringify("stroke" in mark && [mark.stroke, mark.dash]));
    expect(new Set(styles).size).toBe(crowd.lines.length);
    const widths = strokes.map((mark) => ("width" in mark ? mark.width : 0));
    expect(widths[10]).toBe(Math.max(...widths.map(Number)));
  });

  it("has room for a single line and for one that reached nothing", () => {
    const alone = reached({ ...crowd, lines: [line("packets", 0, "ours")] });
    sound(alone);
    expect(words(alone)).toContain("evaluations / dimension");
  });
});
