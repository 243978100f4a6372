/**
 * Scenes: pictures as plain records, so that one drawing can become SVG, a canvas or a test. Lengths are in the
 * scene's own units with y downward; a color is the name of a tone, which each page may set anew (light, dark,
 * print), or a fixed `#rrggbb` where the color itself carries a number.
 */

/** The tones and their values on white paper; the hues are Okabe and Ito's, told apart by color-blind readers. */
export const light = {
  ink: "#1c2128",
  soft: "#5b6470",
  rule: "#dfe3e8",
  paper: "#ffffff",
  blue: "#0072b2",
  orange: "#d55e00",
  green: "#009e73",
  purple: "#b3609b",
  gold: "#b98300",
} as const;

export type Tone = keyof typeof light;

/** The same tones on dark paper. */
export const dark: Readonly<Record<Tone, string>> = {
  ink: "#e8eaed",
  soft: "#a2abb5",
  rule: "#353b43",
  paper: "#16191d",
  blue: "#56b4e9",
  orange: "#f58a3c",
  green: "#35c99d",
  purple: "#dd8fc0",
  gold: "#e6b422",
};

export type Color = Tone | `#${string}`;

/** A sphere lit from the upper left: color at the light and at the rim. */
export type Ball = { readonly lit: Color; readonly rim: Color };

export type Paint = {
  readonly fill?: Color | Ball;
  readonly stroke?: Color;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
};

/** A piece of a line of text: raised or lowered, slanted. */
export type Span = { readonly text: string; readonly shift?: "up" | "down"; readonly italic?: boolean };
export type Text = readonly Span[];

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type Mark =
  | ({ readonly kind: "path"; readonly d: string } & Paint)
  | ({ readonly kind: "circle"; readonly x: number; readonly y: number; readonly r: number } & Paint)
  | ({ readonly kind: "rect" } & Box & Paint)
  | ({ readonly kind: "text"; readonly x: number; readonly y: number; readonly text: Text } & Lettering)
  | { readonly kind: "group"; readonly clip?: Box; readonly opacity?: number; readonly marks: readonly Mark[] };

export type Lettering = {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly color?: Color;
};

export type Scene = {
  /** Unique on a page, letters and dashes. */
  readonly name: string;
  /** What it shows, for those who do not see it. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
};

export const TEXT_SIZE = 13;
/** Size of raised and lowered text as a share of the line's. */
export const SHIFTED_SIZE = 0.72;
const LETTER_WIDTH = 0.56;

/** Text as it stands, for names and other words of the user's. */
export function plain(text: string): Text {
  return [{ text }];
}

/**
 * Text with marks: `*D*` is slanted, `10^{3}` raised, `x_{1}` lowered, `e^{−*E*}` both. Only for text that we write
 * ourselves.
 */
export function rich(marked: string): Text {
  const spans: Span[] = [];
  let end = 0;
  for (const match of marked.matchAll(/\^\{([^}]*)\}|_\{([^}]*)\}/g)) {
    spans.push(...slanted(marked.slice(end, match.index)));
    const [whole, up, down] = match;
    const shift = up === undefined ? "down" : "up";
    spans.push(...slanted(up ?? down).map((span): Span => ({ ...span, shift })));
    end = match.index + whole.length;
  }
  return [...spans, ...slanted(marked.slice(end))];
}

function slanted(marked: string): Span[] {
  const pieces = marked.split(/\*([^*]+)\*/);
  const spans = pieces.map((text, i): Span => (i % 2 === 1 ? { text, italic: true } : { text }));
  return spans.filter(({ text }) => text !== "");
}

/** The width that a text takes, estimated from the number of its letters. */
export function widthOf(text: Text, size = TEXT_SIZE): number {
  let width = 0;
  for (const span of text) width += [...span.text].length * LETTER_WIDTH * size * (span.shift ? SHIFTED_SIZE : 1);
  return width;
}
