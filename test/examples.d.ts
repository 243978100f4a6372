/** Examples are plain modules. */
declare module "*/examples/pressure-vessel.mjs" {
  const vessel: { readonly constraints: (values: never) => number[] };
  export default vessel;
}
declare module "*/examples/welded-beam.mjs" {
  const beam: { readonly constraints: (values: never) => number[] };
  export default beam;
}
