/**
 * Numbers for people. What is a result is printed so that it round-trips; everything else at a size that can be
 * read. Texts with a power of ten carry the marks of `rich()`.
 */

/** A result: the shortest decimal that reads back as the same number. */
export function exact(value: number): string {
  return Object.is(value, -0) ? "0" : String(value);
}

/** About: `digits` significant digits, `1.2×10^{−7}` where the number is far from 1. */
export function about(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -3 && exponent <= 5) return signed(String(Number(value.toPrecision(digits))));
  const short = signed(String(Number(mantissa)));
  const scale = `10^{${signed(String(exponent))}}`;
  return short === "1" ? scale : short === "−1" ? `−${scale}` : `${short}×${scale}`;
}

/** A value with a standard error > 0, to the second digit of the error: `−1.267`. */
export function uncertain(value: number, error: number): string {
  if (value === 0) return "0";
  const digits = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(error)) + 2;
  const text = value.toPrecision(Math.min(100, Math.max(1, digits)));
  return text.includes("e") ? String(Number(text)) : text;
}

/** A whole number with its thousands set apart: `1,250,000`. */
export function count(value: number): string {
  return signed(String(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${about(100 * share, 2)} %`;
}

/** Units below the second: how many make one, and the significant digits to show. */
const FRACTIONS = [
  ["ns", 1e9, 2],
  ["µs", 1e6, 2],
  ["ms", 1e3, 3],
] as const;

/** A duration: `820 ns`, `4.1 µs`, `82.1 ms`, `1.3 s`, `2 min 5 s`, `3 h 20 min`. What is rounded decides on the unit. */
export function duration(seconds: number): string {
  if (!(seconds > 0)) return "0 s";
  for (const [unit, perSecond, digits] of FRACTIONS)
    if (Number((seconds * perSecond).toPrecision(digits)) < 1000)
      return `${about(seconds * perSecond, digits)} ${unit}`;
  if (Number(seconds.toPrecision(3)) < 60) return `${about(seconds, 3)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${count(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The typographic minus. */
function signed(text: string): string {
  return text.replace("-", "−");
}
