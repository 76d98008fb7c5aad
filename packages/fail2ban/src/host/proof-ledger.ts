import { mutex } from '@bangui/async'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TestBan } from '@bangui/shared'
import { readPrivateFile, syncFolder, writePrivateFile } from './private-files.ts'

/** Which bans were made only to see whether they block: nobody's, so they count nowhere. Survives the end of BanGUI. */
export interface ProofLedger {
  /** Notes test bans before they are made. @throws where that cannot be stored */
  begin(jail: string, addresses: readonly string[]): Promise<void>
  /** Notes that test bans of a jail have ended. */
  end(jail: string, addresses: readonly string[]): Promise<void>
  /** Returns the test bans that may still be there. */
  listOpen(): Promise<TestBan[]>
  /** Returns what says whether a ban or its end was a test. */
  open(): Promise<(jail: string, address: string, at: number) => boolean>
}

/** How many test bans are remembered: fail2ban's log and database have them for a while. */
const MAX_PROOFS = 500
/** fail2ban writes a moment later, and rounds. */
const TOLERANCE_MS = 60_000

/** Creates the ledger in `stateDir`. */
export function createProofLedger(stateDir: string, clock: () => number): ProofLedger {
  const path = join(stateDir, 'test-bans.json')
  const oneWrite = mutex()
  let proofs: readonly TestBan[] = []
  let loading: Promise<void> | undefined
  const load = () =>
    (loading ??= read(path).then((found) => {
      proofs = found
    }))
  const change = (amend: (known: readonly TestBan[]) => readonly TestBan[]) =>
    oneWrite(async () => {
      await load()
      const amended = amend(proofs).slice(-MAX_PROOFS)
      await write(stateDir, path, amended)
      proofs = amended
    })
  return {
    begin: (jail, addresses) =>
      change((known) => [
        ...known,
        ...addresses.map((address) => ({ jail, address, startedAt: clock(), endedAt: null })),
      ]),
    end: (jail, addresses) =>
      change((known) =>
        known.map((proof) =>
          proof.endedAt === null && proof.jail === jail && addresses.includes(proof.address)
            ? { ...proof, endedAt: clock() }
            : proof,
        ),
      ),
    async listOpen() {
      await load()
      return proofs.filter(({ endedAt }) => endedAt === null)
    },
    async open() {
      await load()
      return (jail, address, at) =>
        proofs.some(
          (proof) =>
            proof.jail === jail &&
            proof.address === address &&
            at >= proof.startedAt - TOLERANCE_MS &&
            (proof.endedAt === null || at <= proof.endedAt + TOLERANCE_MS),
        )
    },
  }
}

async function read(path: string): Promise<TestBan[]> {
  try {
    return TestBan.array().parse(JSON.parse((await readPrivateFile(path)).toString()))
  } catch {
    // what cannot be read counts as no test: a real ban is never hidden
    return []
  }
}

async function write(stateDir: string, path: string, proofs: readonly TestBan[]): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  await rm(`${path}.new`, { force: true })
  await writePrivateFile(`${path}.new`, JSON.stringify(proofs))
  await rename(`${path}.new`, path)
  await syncFolder(stateDir)
}
