import * as z from 'zod'
import { OperationId } from './ban.ts'
import { Time } from './time.ts'

/** A ban that only tests the firewall; `endedAt` null: fail2ban may still have it. */
export const TestBan = z.object({
  jail: z.string(),
  address: z.string(),
  startedAt: Time,
  endedAt: Time.nullable(),
})
export type TestBan = z.infer<typeof TestBan>

/** Asks whether a jail's bans block: bans an address that nobody uses, and looks for it in the firewall. */
export const ProveBanInput = z.object({
  jail: z.string().min(1).max(255),
  operationId: OperationId.optional(),
})
export type ProveBanInput = z.infer<typeof ProveBanInput>

/** What was seen: the address was blocked, it was not, or it cannot be told. */
export const BanProofOutcome = z.enum(['blocked', 'not_blocked', 'unknown'])
export type BanProofOutcome = z.infer<typeof BanProofOutcome>

/** A place in the firewall where an action of the jail puts addresses. */
export const ProofPlace = z.object({
  /** such as "ipset f2b-sshd" */
  name: z.string(),
  /** the address was in it */
  hasAddress: z.boolean(),
  /** a rule leads to it */
  isUsed: z.boolean(),
  /** the rules of iptables that lead there, or that block the address, as iptables-save writes them */
  rules: z.array(z.string()),
})
export type ProofPlace = z.infer<typeof ProofPlace>

/** What was seen of one IP family. */
export const FamilyProof = z.object({
  family: z.union([z.literal(4), z.literal(6)]),
  /** the address that was banned, of a range for documentation; null: none was */
  address: z.string().nullable(),
  outcome: BanProofOutcome,
  places: z.array(ProofPlace),
  /** why it was not blocked or cannot be told, as a sentence; null: it was blocked */
  why: z.string().nullable(),
  /** the firewall had the address no longer after the unban; null: not looked at, or not known */
  removed: z.boolean().nullable(),
})
export type FamilyProof = z.infer<typeof FamilyProof>

/** What became of a ban that was made to look into the firewall. */
export const BanProof = z.object({
  jail: z.string(),
  at: Time,
  /** of all families together: `blocked` where each one that could be tested was */
  outcome: BanProofOutcome,
  families: z.array(FamilyProof),
  /** false: fail2ban could not be asked to unban the addresses; BanGUI does so before its next test, or at its next start */
  ended: z.boolean(),
})
export type BanProof = z.infer<typeof BanProof>
