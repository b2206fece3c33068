/** The generator's whole state: four unsigned 32-bit numbers, not all zero. */
export type XoshiroState = readonly [number, number, number, number];

const TWO_POW_32 = 4_294_967_296;
/** 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b9;
const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** The output function of splitmix32 (constants found by the hash-prospector project): one to one on 32 bits. */
function mix(x: number): number {
  let z = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/**
 * Pseudo-random numbers: xoshiro128** 1.1 of D. Blackman and S. Vigna ("Scrambled Linear Pseudorandom Number Generators",
 * ACM TOMS 47(4), 2021; reference code public domain). Not for secrets. Integer arithmetic only, so equal on every machine.
 */
export class Xoshiro128 {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(state: XoshiroState) {
    [this.#a, this.#b, this.#c, this.#d] = [state[0] | 0, state[1] | 0, state[2] | 0, state[3] | 0];
  }

  /** Spreads a seed (integer, 0 to 2^53 - 1) over the state with splitmix32, as the authors advise; both halves of the seed reach all of it. */
  static fromSeed(seed: number): Xoshiro128 {
    const low = seed >>> 0;
    const high = Math.floor(seed / TWO_POW_32);
    const first = (low ^ mix((high + GOLDEN) | 0)) | 0;
    const second = (high ^ mix((low + GOLDEN) | 0)) | 0;
    return new Xoshiro128([
      mix((first + GOLDEN) | 0),
      mix((second + GOLDEN) | 0),
      mix((first + 2 * GOLDEN) | 0),
      mix((second + 2 * GOLDEN) | 0),
    ]);
  }

  /** The next unsigned 32-bit integer. */
  nextUint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  nextUnit(): number {
    return this.nextUint32() / TWO_POW_32;
  }

  state(): XoshiroState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }
}
