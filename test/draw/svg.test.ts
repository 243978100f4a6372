import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { light, plain, rich, type Scene } from "../../src/draw/scene.ts";
import { darkTones, escapeXml, svg } from "../../src/draw/svg.ts";

const scene = (marks: Scene["marks"], title = "a picture"): Scene => ({
  name: "test",
  title,
  width: 20,
  height: 10,
  marks,
});

test("text is escaped, in titles and in marks", () => {
  const out = svg(scene([{ kind: "text", x: 1, y: 2, text: plain("<script>alert('&')</script>") }], `"<b>`));
  expect(out).not.toMatch(/<script|<b>/);
  expect(out).toContain("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;");
  expect(out).toContain("<title>&quot;&lt;b&gt;</title>");
});

test("characters that XML forbids are replaced", () => {
  expect(escapeXml("a\u0000b\u001b\ud800c\ufffe\n")).toBe("a\ufffdb\ufffd\ufffdc\ufffd\n");
});

test("tones carry their value and their class, fixed colors only themselves", () => {
  const out = svg(
    scene([
      { kind: "circle", x: 1, y: 2, r: 3, fill: "blue", stroke: "#123456" },
      { kind: "rect", x: 0, y: 0, width: 1, height: 1, fill: { lit: "#ffffff", rim: "ink" } },
    ]),
  );
  expect(out).toContain(`fill="${light.blue}" stroke="#123456"`);
  expect(out).toContain('class="f-blue"');
  expect(out).toContain("url(#test-ball-1)");
  for (const tone of Object.keys(light)) expect(darkTones()).toContain(`.f-${tone}{`);
});

test("raised text goes up and comes back", () => {
  const out = svg(scene([{ kind: "text", x: 0, y: 0, size: 10, text: rich("10^{−3} *x*_{1}") }]));
  const shifts = [...out.matchAll(/dy="(-?[\d.]+)"/g)].map((m) => Number(m[1]));
  expect(shifts).toEqual([-3.6, 3.6, 2.2]);
  expect(out).toContain('font-style="italic">x</tspan>');
});

test("a filled mark is where it was put", () => {
  const out = svg(scene([{ kind: "rect", x: 5, y: 2, width: 10, height: 6, fill: "#ff0000" }]));
  const { pixels, width } = new Resvg(out).render();
  const at = (x: number, y: number): number[] => [...pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
  expect([at(6, 3), at(14, 7), at(4, 3), at(6, 1)]).toEqual([
    [255, 0, 0],
    [255, 0, 0],
    [255, 255, 255],
    [255, 255, 255],
  ]);
});

test("clips cut and have names of their own", () => {
  const inner: Scene["marks"] = [{ kind: "rect", x: 0, y: 0, width: 20, height: 10, fill: "#ff0000" }];
  const clip = { x: 0, y: 0, width: 4, height: 10 };
  const out = svg(
    scene([
      { kind: "group", clip, marks: inner },
      { kind: "group", clip, marks: [] },
    ]),
  );
  expect(out).toContain('id="test-clip-1"');
  expect(out).toContain('id="test-clip-2"');
  const { pixels } = new Resvg(out).render();
  expect([pixels[4 * 2 + 1], pixels[4 * 10 + 1]]).toEqual([0, 255]);
});
