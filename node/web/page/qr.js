// QR codes (ISO/IEC 18004), model 2, level L, bytes: what a phone reads from paper. Returns rows of true (dark) and false.
const PER_BLOCK = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];

function codewords(version) {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const n = Math.floor(version / 7) + 2;
    bits -= (25 * n - 10) * n - 55;
    if (version >= 7) bits -= 36;
  }
  return Math.floor(bits / 8);
}
const room = (version) => codewords(version) - PER_BLOCK[version - 1] * BLOCKS[version - 1];

// The field of 256 elements, by x^8 + x^4 + x^3 + x^2 + 1.
function times(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> i) & 1) * a;
  }
  return product;
}

function checks(data, n) {
  const generator = new Array(n).fill(0);
  generator[n - 1] = 1;
  let root = 1;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) generator[j] = times(generator[j], root) ^ (generator[j + 1] ?? 0);
    root = times(root, 2);
  }
  const rest = new Array(n).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    generator.forEach((one, i) => { rest[i] ^= times(one, factor); });
  }
  return rest;
}

function withChecks(data, version) {
  const blocks = BLOCKS[version - 1];
  const all = codewords(version);
  const short = blocks - (all % blocks);
  const shortData = Math.floor(all / blocks) - PER_BLOCK[version - 1];
  const parts = [];
  for (let i = 0, at = 0; i < blocks; i++) {
    const part = data.slice(at, at += shortData + (i < short ? 0 : 1));
    parts.push({ part, check: checks(part, PER_BLOCK[version - 1]) });
  }
  const out = [];
  for (let i = 0; i <= shortData; i++) for (const { part } of parts) if (i < part.length) out.push(part[i]);
  for (let i = 0; i < PER_BLOCK[version - 1]; i++) for (const { check } of parts) out.push(check[i]);
  return out;
}

function pack(bytes, version) {
  const bits = [];
  const put = (value, n) => { for (let i = n - 1; i >= 0; i--) bits.push((value >>> i) & 1); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room(version) * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const data = [];
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(''), 2));
  for (let pad = 0xec; data.length < room(version); pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

function remainder(value, polynomial, n) {
  let rest = value;
  for (let i = 0; i < n; i++) rest = (rest << 1) ^ ((rest >>> (n - 1)) * polynomial);
  return rest;
}

// What stands at its place whatever is said: finders, timing, alignment, format, version.
function frame(version, size) {
  const dark = Array.from({ length: size }, () => new Array(size).fill(null));
  const set = (x, y, is) => { if (x >= 0 && y >= 0 && x < size && y < size) dark[y][x] = is; };
  for (let i = 0; i < size; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]])
    for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) { const far = Math.max(Math.abs(dx), Math.abs(dy)); set(cx + dx, cy + dy, far !== 2 && far !== 4); }
  const n = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (n * 2 - 2)) * 2;
  const at = Array.from({ length: n }, (_, i) => (i === 0 ? 6 : size - 7 - step * (n - 1 - i)));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    if ((i === 0 && (j === 0 || j === n - 1)) || (i === n - 1 && j === 0)) continue;
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(at[i] + dx, at[j] + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }
  // Level L with mask 0: (x + y) even is turned over.
  const format = ((1 << 3) << 10 | remainder(1 << 3, 0x537, 10)) ^ 0x5412;
  const bit = (value, i) => ((value >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) set(8, i, bit(format, i));
  set(8, 7, bit(format, 6)); set(8, 8, bit(format, 7)); set(7, 8, bit(format, 8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(format, i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(format, i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(format, i));
  set(8, size - 8, true);
  if (version >= 7) {
    const said = (version << 12) | remainder(version, 0x1f25, 12);
    for (let i = 0; i < 18; i++) { const a = size - 11 + (i % 3); const b = Math.floor(i / 3); set(a, b, bit(said, i)); set(b, a, bit(said, i)); }
  }
  return dark;
}

export function qr(text) {
  const bytes = [...new TextEncoder().encode(text)];
  let version = 1;
  while (version <= 40 && (room(version) * 8 < bytes.length * 8 + 4 + (version < 10 ? 8 : 16))) version++;
  if (version > 40) return null;
  const size = version * 4 + 17;
  const dark = frame(version, size);
  const fixed = dark.map((row) => row.map((one) => one !== null));
  const data = withChecks(pack(bytes, version), version);
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let up = 0; up < size; up++) for (const x of [right, right - 1]) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - up : up;
      if (fixed[y][x]) continue;
      const is = i < data.length * 8 && ((data[i >> 3] >>> (7 - (i & 7))) & 1) === 1;
      dark[y][x] = is !== ((x + y) % 2 === 0);
      i++;
    }
  }
  return dark;
}
