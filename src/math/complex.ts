/** Complex numbers as plain records, for closed forms; loops over arrays keep real and imaginary parts apart. */

export type Complex = { readonly re: number; readonly im: number };

export const complex = (re: number, im = 0): Complex => ({ re, im });

export const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im);
export const sub = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im);
export const times = (s: number, a: Complex): Complex => complex(s * a.re, s * a.im);
export const mul = (a: Complex, b: Complex): Complex => complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);

/** a / b, scaled so that no square overflows (Smith, 1962). */
export function div(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const scale = b.re + b.im * ratio;
    return complex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale);
  }
  const ratio = b.re / b.im;
  const scale = b.re * ratio + b.im;
  return complex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale);
}

export const exp = (a: Complex): Complex => complex(Math.exp(a.re) * Math.cos(a.im), Math.exp(a.re) * Math.sin(a.im));

/** The principal logarithm, with its imaginary part in (−π, π]. */
export const log = (a: Complex): Complex => complex(Math.log(Math.hypot(a.re, a.im)), Math.atan2(a.im, a.re));

/** e^{iα}. */
export const phase = (angle: number): Complex => complex(Math.cos(angle), Math.sin(angle));
