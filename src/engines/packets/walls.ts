/**
 * The unit box: packets live in coordinates u in which every axis of the domain has width 1, so that one σ fits all.
 * Beyond its walls ζ is continued by images, ζ(u) = ζ(home(u)): mirror images in steps of 1, the reflecting boundary
 * condition of ψ, or copies where the domain is periodic. The packet itself knows of no wall: were the image rather
 * than the sample to enter its moments, a packet at a minimum on the wall would be pushed off it and never contract.
 * Open bounds are mirrors as well, so that no answer lies where the user did not look.
 */
import type { Domain, Edge } from "../../core/problem.ts";

/** The point of [0, 1] whose image u is: the triangle wave of period 2, or u modulo 1 where the edge is periodic. */
export function home(edge: Edge, u: number): number {
  if (u >= 0 && u <= 1) return u;
  if (edge === "periodic") return u - Math.floor(u);
  const rest = Math.abs(u) % 2;
  return rest <= 1 ? rest : 2 - rest;
}

/** The image of u ∈ [0, 1] that is nearest to `at`. */
export function image(edge: Edge, u: number, at: number): number {
  if (edge === "periodic") return u + Math.round(at - u);
  const copy = u + 2 * Math.round((at - u) / 2);
  const mirrored = 2 * Math.round((at + u) / 2) - u;
  return Math.abs(at - copy) <= Math.abs(at - mirrored) ? copy : mirrored;
}

/** The coordinate of the user at u on axis j, or at the point whose image it is. */
export function toUser({ lower, upper, edge }: Domain, j: number, u: number): number {
  return Math.min(upper[j], lower[j] + home(edge, u) * (upper[j] - lower[j]));
}

/** The coordinate in the unit box nearest to the user's x. */
export function toUnit({ lower, upper }: Domain, j: number, x: number): number {
  return Math.min(1, Math.max(0, (x - lower[j]) / (upper[j] - lower[j])));
}
