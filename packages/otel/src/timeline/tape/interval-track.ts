const MIN_CAPACITY = 16;

/**
 * Intervals in the order of their start, each with a few whole numbers, in columns.
 *
 * Invariants: what is kept lies in the columns from `first` to `first + length`, sorted by start; the columns are at most
 * twice as long as what is kept, or as long as the smallest there are.
 */
export class IntervalTrack {
  /** How many numbers each interval has beside its two ends. */
  readonly width: number;
  #starts: Float64Array = new Float64Array(MIN_CAPACITY);
  #ends: Float64Array = new Float64Array(MIN_CAPACITY);
  #words: Uint32Array;
  #first = 0;
  #length = 0;

  constructor(width: number) {
    this.width = width;
    this.#words = new Uint32Array(MIN_CAPACITY * width);
  }

  get length(): number {
    return this.#length;
  }

  /** Where the oldest interval stands in the columns. */
  get first(): number {
    return this.#first;
  }

  /** The columns themselves, for loops that run over many; they are replaced as the track grows. */
  get starts(): Float64Array {
    return this.#starts;
  }

  get ends(): Float64Array {
    return this.#ends;
  }

  /** `width` numbers for each interval. */
  get words(): Uint32Array {
    return this.#words;
  }

  get byteLength(): number {
    return this.#starts.byteLength + this.#ends.byteLength + this.#words.byteLength;
  }

  /** @param index - from 0, the oldest, to `length`. */
  start(index: number): number {
    return this.#starts[this.#first + index] ?? Number.NaN;
  }

  end(index: number): number {
    return this.#ends[this.#first + index] ?? Number.NaN;
  }

  word(index: number, field: number): number {
    return this.#words[(this.#first + index) * this.width + field] ?? 0;
  }

  /** Puts an interval in its place, which is the end save where spans arrive out of order; returns its index. */
  insert(start: number, end: number, words: ArrayLike<number>): number {
    if (this.#first + this.#length === this.#starts.length) this.#makeRoom();
    let at = this.#first + this.#length;
    while (at > this.#first && (this.#starts[at - 1] ?? 0) > start) at -= 1;
    if (at < this.#first + this.#length) this.#shift(at);
    this.#length += 1;
    this.#write(at, { start, end, words });
    return at - this.#first;
  }

  /** Puts another interval in the place of one; its start must keep the order. */
  replace(index: number, start: number, end: number, words: ArrayLike<number>): void {
    this.#write(this.#first + index, { start, end, words });
  }

  /** The index of the first interval that starts at `time` or later. */
  indexFrom(time: number): number {
    let low = this.#first;
    let high = this.#first + this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low - this.#first;
  }

  /** Forgets, from the oldest on, what had ended by then. */
  dropBefore(time: number): void {
    while (this.#length > 0 && (this.#ends[this.#first] ?? 0) <= time) {
      this.#first += 1;
      this.#length -= 1;
    }
    if (this.#length < this.#starts.length / 2) this.fit();
  }

  /** Gives back what the columns have too much, but for an eighth. */
  fit(): void {
    const capacity = Math.max(MIN_CAPACITY, this.#length + (this.#length >> 3));
    if (capacity < this.#starts.length) this.#resize(capacity);
  }

  #write(at: number, interval: { start: number; end: number; words: ArrayLike<number> }): void {
    this.#starts[at] = interval.start;
    this.#ends[at] = interval.end;
    for (let field = 0; field < this.width; field += 1) {
      this.#words[at * this.width + field] = interval.words[field] ?? 0;
    }
  }

  #shift(at: number): void {
    const end = this.#first + this.#length;
    this.#starts.copyWithin(at + 1, at, end);
    this.#ends.copyWithin(at + 1, at, end);
    this.#words.copyWithin((at + 1) * this.width, at * this.width, end * this.width);
  }

  /** A quarter of the columns is free at the front, or they become half as long again. */
  #makeRoom(): void {
    const capacity = this.#starts.length;
    this.#resize(this.#first >= capacity / 4 ? capacity : capacity + (capacity >> 1));
  }

  #resize(capacity: number): void {
    const [from, to] = [this.#first, this.#first + this.#length];
    const starts = new Float64Array(capacity);
    const ends = new Float64Array(capacity);
    const words = new Uint32Array(capacity * this.width);
    starts.set(this.#starts.subarray(from, to));
    ends.set(this.#ends.subarray(from, to));
    words.set(this.#words.subarray(from * this.width, to * this.width));
    this.#starts = starts;
    this.#ends = ends;
    this.#words = words;
    this.#first = 0;
  }
}
