/**
 * A scene as SVG text: self-contained, without fonts, scripts or references. Tones are written with their value on
 * white paper and with a class (`f-ink`, `s-ink`), by which a page that holds the picture can set them anew.
 */
import {
  type Ball,
  type Color,
  dark,
  light,
  type Mark,
  type Paint,
  type Scene,
  SHIFTED_SIZE,
  TEXT_SIZE,
  type Text,
  type Tone,
} from "./scene.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** Text that is safe between tags and inside quoted attributes; characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|\p{Cs}|\uFFFE|\uFFFF/gu, "\uFFFD")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/**
 * The SVG text of a scene. It fills the width it is given and keeps its proportions.
 * @param font families to set it in, as CSS lists them
 */
export function svg(scene: Scene, font = FONT): string {
  const { name, title, width, height } = scene;
  const page: Page = { name, clips: [], balls: new Map() };
  const paper: Mark = { kind: "rect", x: 0, y: 0, width, height, fill: "paper" };
  const body = [paper, ...scene.marks].map((mark) => element(mark, page)).join("\n");
  const definitions = [...page.clips, ...[...page.balls].map(([id, ball]) => gradient(id, ball))].join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${num(width)} ${num(height)}" role="img" font-family="${font}">`,
    `<title>${escapeXml(title)}</title>`,
    ...(definitions === "" ? [] : [`<defs>${definitions}</defs>`]),
    body,
    "</svg>",
  ].join("\n");
}

/** The rules that set every tone anew, for the style sheet of a page with dark paper. */
export function darkTones(): string {
  return Object.entries(dark)
    .map(([tone, value]) => `.f-${tone}{fill:${value}}.s-${tone}{stroke:${value}}.c-${tone}{stop-color:${value}}`)
    .join("\n");
}

type Page = { readonly name: string; readonly clips: string[]; readonly balls: Map<string, Ball> };

function element(mark: Mark, page: Page): string {
  switch (mark.kind) {
    case "path":
      return `<path d="${mark.d}"${paint(mark, page)}/>`;
    case "circle":
      return `<circle cx="${num(mark.x)}" cy="${num(mark.y)}" r="${num(mark.r)}"${paint(mark, page)}/>`;
    case "rect":
      return `<rect ${box(mark)}${paint(mark, page)}/>`;
    case "text": {
      const { x, y, size = TEXT_SIZE, anchor = "start", color = "ink" } = mark;
      const place = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
      return `<text x="${num(x)}" y="${num(y)}" font-size="${num(size)}"${place}${paint({ fill: color }, page)}>${spans(mark.text, size)}</text>`;
    }
    case "group": {
      const inner = mark.marks.map((m) => element(m, page)).join("\n");
      const opacity = mark.opacity === undefined ? "" : ` opacity="${num(mark.opacity)}"`;
      if (mark.clip === undefined) return `<g${opacity}>${inner}</g>`;
      const id = `${page.name}-clip-${page.clips.length + 1}`;
      page.clips.push(`<clipPath id="${id}"><rect ${box(mark.clip)}/></clipPath>`);
      return `<g clip-path="url(#${id})"${opacity}>${inner}</g>`;
    }
  }
}

function box({ x, y, width, height }: { x: number; y: number; width: number; height: number }): string {
  return `x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}"`;
}

function paint({ fill, stroke, width, dash, opacity }: Paint, page: Page): string {
  const classes: string[] = [];
  const color = (value: Color, kind: "f" | "s"): string => {
    if (!isTone(value)) return value;
    classes.push(`${kind}-${value}`);
    return light[value];
  };
  let out = "";
  if (fill === undefined) out += ' fill="none"';
  else if (typeof fill === "string") out += ` fill="${color(fill, "f")}"`;
  else out += ` fill="url(#${ballId(fill, page)})"`;
  if (stroke !== undefined)
    out += ` stroke="${color(stroke, "s")}" stroke-width="${num(width ?? 1)}" stroke-linejoin="round" stroke-linecap="round"`;
  if (dash !== undefined) out += ` stroke-dasharray="${dash.map(num).join(" ")}"`;
  // opacity of the whole would be a layer of its own, slow to draw and, for a straight line, an empty one
  const kind = fill === undefined ? "stroke-" : stroke === undefined ? "fill-" : "";
  if (opacity !== undefined) out += ` ${kind}opacity="${num(opacity)}"`;
  return classes.length === 0 ? out : `${out} class="${classes.join(" ")}"`;
}

function isTone(color: Color): color is Tone {
  return Object.hasOwn(light, color);
}

function ballId(ball: Ball, page: Page): string {
  for (const [id, known] of page.balls) if (known.lit === ball.lit && known.rim === ball.rim) return id;
  const id = `${page.name}-ball-${page.balls.size + 1}`;
  page.balls.set(id, ball);
  return id;
}

function gradient(id: string, { lit, rim }: Ball): string {
  const stop = (at: number, color: Color): string =>
    isTone(color)
      ? `<stop offset="${at}" stop-color="${light[color]}" class="c-${color}"/>`
      : `<stop offset="${at}" stop-color="${color}"/>`;
  return `<radialGradient id="${id}" cx="0.36" cy="0.32" r="0.72">${stop(0, lit)}${stop(1, rim)}</radialGradient>`;
}

/** Raised and lowered pieces move the baseline; the piece after them moves it back. */
function spans(text: Text, size: number): string {
  let level = 0;
  return text
    .map((span) => {
      const wanted = span.shift === "up" ? -0.36 * size : span.shift === "down" ? 0.22 * size : 0;
      const dy = wanted - level;
      level = wanted;
      const attributes =
        (dy === 0 ? "" : ` dy="${num(dy)}"`) +
        (span.shift === undefined ? "" : ` font-size="${num(SHIFTED_SIZE * size)}"`) +
        (span.italic ? ' font-style="italic"' : "");
      const inner = escapeXml(span.text);
      return attributes === "" ? inner : `<tspan${attributes}>${inner}</tspan>`;
    })
    .join("");
}

/** A coordinate to a hundredth. */
function num(value: number): string {
  return String(Math.round(100 * value) / 100);
}
