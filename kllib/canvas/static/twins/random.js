// kllib.canvas._random: seeded normals that repeat exactly, here and in Python.

// mulberry32 (public domain, T. Ettinger): 2^32 states, enough for a picture of 10 000 draws.
function uniforms(seed) {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

// n standard normals by the Box-Muller transform of pairs of uniforms in (0, 1).
export function normals(seed, n) {
  const draw = uniforms(seed);
  const found = new Float64Array(n);
  for (let i = 0; i < n; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(draw()));
    const angle = 2 * Math.PI * draw();
    found[i] = radius * Math.cos(angle);
    if (i + 1 < n) found[i + 1] = radius * Math.sin(angle);
  }
  return found;
}
