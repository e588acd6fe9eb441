/**
 * The signed log that the data of a receipt is in, checked in the browser: C2SP tlog-proof, tlog-checkpoint and signed-note with
 * Ed25519, a tree of RFC 6962. `xincha/proof` does the same.
 */
const HEAD = 'c2sp.org/tlog-proof@v1'
const ED25519 = 1
const DASH = '\u2014 '
const KEY = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/

type Bytes = Uint8Array<ArrayBuffer>

export interface PublicKey {
  name: string
  hash: string
  bytes: Bytes
}

export interface Logged {
  entry: string
  proof: string
}

const bytesOf = (base64: string): Bytes => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
const textBytes = (text: string): Bytes => new TextEncoder().encode(text)
const hex = (bytes: Bytes): string => [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('')
const sha256 = async (...parts: Bytes[]): Promise<Bytes> => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0)
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', whole))
}
const node = (left: Bytes, right: Bytes) => sha256(Uint8Array.of(1), left, right)

/** The public key of a line `NAME+HASH+BASE64`; nothing where it is none. */
export async function keyOf(line: string): Promise<PublicKey | undefined> {
  const [, name = '', hash = '', coded = ''] = KEY.exec(line.trim()) ?? []
  if (!name) return undefined
  try {
    const key = bytesOf(coded)
    const made = hex(await sha256(textBytes(`${name}\n`), key)).slice(0, 8)
    return key.length === 33 && key[0] === ED25519 && made === hash ? { name, hash, bytes: key.slice(1) } : undefined
  } catch {
    return undefined
  }
}

/** The root that a path leads to from the leaf at `index` of a tree of `size` leaves; nothing where it leads nowhere (RFC 9162, 2.1.3.2). */
async function rootOf(leaf: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes | undefined> {
  let [at, last, found] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return undefined
    if (at % 2 || at === last) {
      found = await node(sibling, found)
      while (at % 2 === 0 && at) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else found = await node(found, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? found : undefined
}

/** Whether this key signed this note. */
async function signed(text: string, lines: readonly string[], key: PublicKey): Promise<boolean> {
  for (const line of lines) {
    const [name, coded = ''] = line.slice(DASH.length).split(' ')
    const bytes = bytesOf(coded)
    if (!line.startsWith(DASH) || name !== key.name || hex(bytes.slice(0, 4)) !== key.hash) continue
    const known = await globalThis.crypto.subtle.importKey('raw', key.bytes, 'Ed25519', false, ['verify'])
    return globalThis.crypto.subtle.verify('Ed25519', known, bytes.slice(4), textBytes(text))
  }
  return false
}

/** Whether the log that this key signed has the line, and that is about these versions of the indices. */
export async function isLogged({ entry, proof }: Logged, versions: Readonly<Record<string, string>>, key: PublicKey): Promise<boolean> {
  try {
    const split = proof.indexOf('\n\n')
    const [head, place = '', ...path] = proof.slice(0, split).split('\n')
    const note = proof.slice(split + 2)
    const end = note.lastIndexOf('\n\n')
    const text = note.slice(0, end + 1)
    const [, size = '', root = ''] = text.split('\n')
    const index = /^index (\d{1,15})$/.exec(place)?.[1]
    if (head !== HEAD || index === undefined || !/^\d{1,15}$/.test(size) || Number(index) >= Number(size)) return false
    const leaf = await sha256(Uint8Array.of(0), textBytes(entry))
    const found = await rootOf(leaf, Number(index), Number(size), path.map(bytesOf))
    if (!found || hex(found) !== hex(bytesOf(root)) || !(await signed(text, note.slice(end + 2).trimEnd().split('\n'), key))) return false
    const told = JSON.parse(entry) as { kind?: string; indices?: Record<string, { version?: string }> }
    return told.kind === 'publish' && Object.entries(versions).every(([name, version]) => told.indices?.[name]?.version === version)
  } catch {
    return false
  }
}
