// Files that were chosen and not sent yet, as the browser's store has them: sealed under a key that the program gives to who is
// logged in, and to nobody else. The page holds it while they are; on the disk it does not lie.
let of = null;
let key = Promise.resolve(null);

// hex: that key, as the session says it; null: nobody is logged in. Where the browser seals nothing (plain HTTP from another
// PC), nothing is kept.
export function sealWith(hex) {
  if (hex === of) return;
  of = hex;
  const bytes = Uint8Array.from(hex?.match(/../g) ?? [], (two) => parseInt(two, 16));
  key = hex && globalThis.crypto?.subtle ? crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']) : Promise.resolve(null);
}

// What the store has of these files; null: it is to have nothing. Names are sealed too. Throws where nobody is logged in any more.
export async function sealFiles(files) {
  if (!of) throw new Error('nobody is logged in');
  const sealing = await key;
  if (!sealing) return null;
  const head = new TextEncoder().encode(JSON.stringify(files.map(({ name, was, blob }) => ({ name, was, size: blob.size, type: blob.type }))));
  const plain = await new Blob([new Uint32Array([head.length]), head, ...files.map(({ blob }) => blob)]).arrayBuffer();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, sealing, plain) };
}

// The files again. Throws where they were sealed for somebody else.
export async function openFiles({ iv, sealed }) {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await key, sealed);
  const [length] = new Uint32Array(plain, 0, 1);
  let at = 4 + length;
  return JSON.parse(new TextDecoder().decode(new Uint8Array(plain, 4, length))).map(({ name, was, size, type }) => {
    at += size;
    return { name, was, blob: new Blob([new Uint8Array(plain, at - size, size)], { type }) };
  });
}
