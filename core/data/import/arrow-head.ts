/** Columns, and types within types, of a table that anyone writes. */
const MOST_FIELDS = 2000;
const MOST_DEPTH = 16;
/** Types whose own table has a list: a zone, the numbers of other types. */
const TIMESTAMP = 10;
const UNION = 14;

/**
 * Checks that every list in the head of an Arrow message ends within the head. What reads it afterwards believes the lengths that it finds there, and a file
 * that was made or damaged to say a thousand million would keep it busy for minutes.
 * Layout: flatbuffers, and Message.fbs and Schema.fbs of github.com/apache/arrow/tree/main/format.
 */
export class ArrowHead {
  /** 1 = a schema, 2 = a dictionary, 3 = rows. */
  readonly type: number;
  /** Bytes behind the head. */
  readonly bodyLength: number;
  readonly #bytes: Buffer;
  #fields = 0;

  /** @throws RangeError for a head that is none */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const message = bytes.readUInt32LE(0);
    const [type, body] = [this.#place(message, 1), this.#place(message, 3)];
    this.type = type === 0 ? 0 : bytes.readUInt8(type);
    this.bodyLength = body === 0 ? 0 : Number(bytes.readBigInt64LE(body));
    if (!Number.isSafeInteger(this.bodyLength) || this.bodyLength < 0) throw new RangeError('a length below zero');
    this.#pairs(message, 4);
    const header = this.#table(message, 2);
    if (header === 0) throw new RangeError('it has no header');
    if (this.type === 1) this.#schema(header);
    else if (this.type === 2) this.#rows(this.#table(header, 1));
    else if (this.type === 3) this.#rows(header);
  }

  #schema(schema: number): void {
    for (const field of this.#tables(schema, 1)) this.#field(field, 0);
    this.#pairs(schema, 2);
    this.#list(schema, 3, 8);
  }

  #field(field: number, depth: number): void {
    if (++this.#fields > MOST_FIELDS || depth > MOST_DEPTH) throw new RangeError('it has too many columns');
    this.#list(field, 0, 1);
    const kind = this.#place(field, 2);
    const type = this.#table(field, 3);
    const name = kind === 0 ? 0 : this.#bytes.readUInt8(kind);
    if (type !== 0 && name === TIMESTAMP) this.#list(type, 1, 1);
    if (type !== 0 && name === UNION) this.#list(type, 1, 4);
    for (const child of this.#tables(field, 5)) this.#field(child, depth + 1);
    this.#pairs(field, 6);
  }

  #rows(rows: number): void {
    if (rows === 0) throw new RangeError('it has no rows');
    const length = this.#place(rows, 0);
    const count = length === 0 ? 0 : Number(this.#bytes.readBigInt64LE(length));
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('a number of rows that cannot be');
    this.#list(rows, 1, 16);
    this.#list(rows, 2, 16);
    this.#list(rows, 4, 8);
  }

  /** Names and values that anyone may add. */
  #pairs(table: number, field: number): void {
    for (const pair of this.#tables(table, field)) {
      this.#list(pair, 0, 1);
      this.#list(pair, 1, 1);
    }
  }

  /** Where a field of a table stands; 0 when it is not there. */
  #place(table: number, field: number): number {
    const fields = table - this.#bytes.readInt32LE(table);
    const size = this.#bytes.readUInt16LE(fields);
    const offset = 4 + 2 * field < size ? this.#bytes.readUInt16LE(fields + 4 + 2 * field) : 0;
    return offset === 0 ? 0 : table + offset;
  }

  #table(table: number, field: number): number {
    const place = this.#place(table, field);
    return place === 0 ? 0 : place + this.#bytes.readUInt32LE(place);
  }

  /** Checks a list, or a text; how many items it has. */
  #list(table: number, field: number, itemBytes: number): number {
    const place = this.#place(table, field);
    if (place === 0) return 0;
    const start = place + this.#bytes.readUInt32LE(place);
    const count = this.#bytes.readUInt32LE(start);
    if (start + 4 + count * itemBytes > this.#bytes.length) throw new RangeError('a list reaches beyond its end');
    return count;
  }

  #tables(table: number, field: number): readonly number[] {
    const count = this.#list(table, field, 4);
    if (count === 0) return [];
    const start = this.#table(table, field) + 4;
    return Array.from({ length: count }, (_, at) => start + 4 * at + this.#bytes.readUInt32LE(start + 4 * at));
  }
}
